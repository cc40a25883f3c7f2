"""Dashboards: whose may be seen is chosen among one's own, and tried in care/dashboards."""

from standvast.registry.access.testing import Expect

SEE = "dashboards.see"

TABLE: dict[str, Expect] = {
    "dashboards/": Expect(SEE),
    "dashboards/now/": Expect(SEE),
    "dashboards/file/": Expect(SEE),
    "dashboards/again/": Expect(SEE, ("POST",)),
}
