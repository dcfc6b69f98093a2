from typing import Any


def test_markers_are_kept_for_each_timeline(ada: Any) -> None:
    assert ada.get("/api/v1/markers", **{"timeline[]": ["home"]}).json() == {}
    saved = ada.post("/api/v1/markers", home={"last_read_id": "5"}).json()
    assert list(saved) == ["home"]
    assert (saved["home"]["last_read_id"], saved["home"]["version"]) == ("5", 1)
    again = ada.request("POST", "/api/v1/markers", data={"home[last_read_id]": "7"}).json()
    assert (again["home"]["last_read_id"], again["home"]["version"]) == ("7", 2)
    ada.post("/api/v1/markers", notifications={"last_read_id": "9"})
    asked = {"timeline[]": ["home", "notifications", "nonsense"]}
    assert set(ada.get("/api/v1/markers", **asked).json()) == {"home", "notifications"}
    assert ada.get("/api/v1/markers").json() == {}
    assert ada.post("/api/v1/markers", home={"last_read_id": "x"}).status_code == 422
