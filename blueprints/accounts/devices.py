"""What a device is called, from what its browser says of itself."""

BROWSERS = (
    ("Firefox", "Firefox"),
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Mac OS", "Mac"),
    ("Windows", "Windows"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str, address: str) -> str:
    """For example "Chrome, Android, 192.168.1.20": enough to know which of one's devices it is."""
    parts = [next((word for sign, word in signs if sign in user_agent), "") for signs in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in (*parts, address) if part)
