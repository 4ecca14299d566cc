"""The door of the portal for uvicorn: HTTP to Django, sockets to channels."""

import os
import sys

from django.core.asgi import get_asgi_application

from portal.conf import BadSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
try:
    django_application = get_asgi_application()
except BadSetting as error:
    sys.exit(f"El portal no puede iniciar. {error}")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

from comunidad.routing import websocket_urlpatterns

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
