"""Logs for who cares for the machine: when, where, what kind of trouble. Never what was typed about a person."""

import logging
import logging.config
from pathlib import Path


def init_app(app):
    if app.testing:
        return
    folder = Path(app.instance_path) / "log"
    folder.mkdir(exist_ok=True)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {
                "file": {
                    "class": "logging.handlers.RotatingFileHandler",
                    "filename": folder / "staffetta.log",
                    "maxBytes": 2 << 20,
                    "backupCount": 5,
                    "encoding": "utf-8",
                    "delay": True,
                    "formatter": "line",
                },
                "screen": {"class": "logging.StreamHandler", "level": "WARNING", "formatter": "line"},
            },
            "loggers": {
                "staffetta": {"level": "INFO", "handlers": ["file", "screen"], "propagate": False},
                "core": {"level": "WARNING", "handlers": ["file"], "propagate": False},
            },
        }
    )
