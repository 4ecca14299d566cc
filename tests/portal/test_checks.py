from portal import checks


def test_several_processes_need_redis(settings):
    settings.WEB_PROCESSES = 2
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    assert [one.id for one in checks.channel_layer(None)] == ["portal.E001"]
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}}
    assert checks.channel_layer(None) == []
    settings.WEB_PROCESSES = 1


def test_debug_on_a_public_address_is_warned_of(settings):
    settings.DEBUG, settings.HTTPS, settings.PORTAL_DEMO = True, True, False
    assert [one.id for one in checks.safe_origin(None)] == ["portal.W001"]
    settings.DEBUG = False
    assert checks.safe_origin(None) == []


def test_the_public_password_on_a_public_address_is_warned_of(settings):
    settings.DEBUG, settings.HTTPS, settings.PORTAL_DEMO = False, True, True
    assert [one.id for one in checks.safe_origin(None)] == ["portal.W002"]
    settings.DEMO_PASSWORD = "otra"
    assert checks.safe_origin(None) == []
