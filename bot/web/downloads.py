"""Files that a browser saves and never opens in place."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response


def download(content: bytes, media_type: str, name: str) -> Response:
    """Give a file to be saved under `name`, whatever that holds."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    saved = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": saved})
