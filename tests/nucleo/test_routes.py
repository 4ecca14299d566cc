from guias.enums import Route
from nucleo import routes


def test_every_route_of_the_guides_has_looks():
    assert set(routes.BY_SLUG) == set(Route.values)
    assert [str(route.name) for route in routes.ROUTES] == [str(route.label) for route in Route]


def test_no_two_routes_look_the_same():
    for name in ("icon", "css", "code"):
        assert len({getattr(route, name) for route in routes.ROUTES}) == len(routes.ROUTES)


def test_what_is_of_no_route_is_of_all():
    assert routes.get("redip").slug == "redip"
    assert routes.get("nada").slug == routes.get("").slug == "transversal"
