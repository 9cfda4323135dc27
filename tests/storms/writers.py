"""A process that writes notes from many tablets at once until it is killed: `python -m tests.storms.writers FOLDER URL CASE N`.

Each acknowledged note is printed only after its answer arrived, straight to the pipe, so that what the parent has read
is what somebody saw confirmed on the screen.
"""

import os
import sys
import threading
import uuid

from app import create_app
from tests import people
from tests.conftest import Browser


def main(folder, url, case_id, tablets):
    app = create_app({"INSTANCE": folder, "TESTING": True, "CHEAP_PASSWORDS": True, "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        browsers = [Browser(app, people.user("giulia")) for _ in range(tablets)]
    os.write(1, b"ready\n")

    def write(browser):
        while True:
            token = uuid.uuid4().hex
            answer = browser.client.post(
                f"/cases/{case_id}/notes/new",
                data=browser.keys(people.note_form(f"Nota {token}")),
            )
            os.write(1, f"{'saved' if answer.status_code == 303 else answer.status_code} {token}\n".encode())

    threads = [threading.Thread(target=write, args=(b,)) for b in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
