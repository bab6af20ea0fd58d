"""The D-Bus object of MPRIS: messages in, messages out.

jeepney, which only Linux has, is imported where a message is made: by then there is a connection.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import quoteattr

from nbd_tui.keymap import Action
from nbd_tui.model.units import Seconds
from nbd_tui.session.actions import Order
from nbd_tui.session.mpris import (
    BUTTONS,
    PATH,
    PLAYER,
    ROOT,
    ROOT_PROPERTIES,
    WITHOUT_EFFECT,
    Properties,
    changed,
    player_properties,
    position,
)
from nbd_tui.session.snapshot import SessionSnapshot

Message: TypeAlias = Any
"""A `jeepney.Message`; jeepney has no types."""
Connection: TypeAlias = Any

Answer: TypeAlias = tuple[Message | None, bool]
"""What goes back, and whether a button was pressed."""

PROPERTIES: Final = "org.freedesktop.DBus.Properties"
INTROSPECTABLE: Final = "org.freedesktop.DBus.Introspectable"
PEER: Final = "org.freedesktop.DBus.Peer"

_IS_OURS: Final = 1
_WAS_OURS: Final = 4
"""Replies to RequestName that make us its owner."""

_ARGUMENTS: Final = {
    "Seek": (("Offset", "x", "in"),),
    "SetPosition": (("TrackId", "o", "in"), ("Position", "x", "in")),
    "OpenUri": (("Uri", "s", "in"),),
}
_OF_ROOT: Final = ("Raise", "Quit")


def take_name(connection: Connection, names: Iterable[str], patience_s: Seconds) -> str | None:
    """The first of these bus names that is free, now ours."""
    from jeepney import MessageType
    from jeepney.bus_messages import DBusNameFlags, message_bus

    for name in names:
        request = message_bus.RequestName(name, DBusNameFlags.do_not_queue)
        reply = connection.send_and_get_reply(request, timeout=patience_s)
        if reply.header.message_type is MessageType.method_return and reply.body[0] in {_IS_OURS, _WAS_OURS}:
            return name
    return None


class MprisObject:
    """Answers calls about one session and tells what has changed."""

    def __init__(self, snapshot: Callable[[], SessionSnapshot], send: Callable[[Action | Order], None]) -> None:
        self._snapshot = snapshot
        self._send = send
        self._told: Properties = {}
        """What clients know, or have been able to ask."""

    def news(self) -> Iterator[Message]:
        """The signal of what has changed since the last call, if anything."""
        from jeepney import DBusAddress, new_signal

        now = player_properties(self._snapshot())
        news, self._told = changed(self._told, now), now
        if news:
            emitter = DBusAddress(PATH, interface=PROPERTIES)
            yield new_signal(emitter, "PropertiesChanged", "sa{sv}as", (PLAYER, news, []))

    def answer(self, message: Message) -> Answer:
        """The reply to a call; signals and replies need none."""
        from jeepney import MessageFlag, MessageType

        if message.header.message_type is not MessageType.method_call:
            return None, False
        answer, pressed = self._call(message)
        return (None if message.header.flags & MessageFlag.no_reply_expected else answer), pressed

    def _call(self, message: Message) -> Answer:
        from jeepney import HeaderFields

        fields = message.header.fields
        member = fields[HeaderFields.member]
        interface = fields.get(HeaderFields.interface, "")
        if fields.get(HeaderFields.path) != PATH and interface != PEER:
            return _refusal(message, "UnknownObject", "the player is at " + PATH), False
        if interface in {PLAYER, ""} and member in BUTTONS:
            self._send(BUTTONS[member])
            return _reply(message), True
        if interface in {PLAYER, ROOT, ""} and member in WITHOUT_EFFECT:
            return _reply(message), False
        return self._ask(message, interface, member), False

    def _ask(self, message: Message, interface: str, member: str) -> Message:
        match interface, member:
            case (("org.freedesktop.DBus.Properties" | ""), "Get" | "GetAll" | "Set"):
                return self._properties(message, member)
            case (("org.freedesktop.DBus.Introspectable" | ""), "Introspect"):
                return _reply(message, "s", (introspection(player_properties(self._snapshot())),))
            case ("org.freedesktop.DBus.Peer", "Ping"):
                return _reply(message)
            case _:
                return _refusal(message, "UnknownMethod", f"no method {interface}.{member}")

    def _properties(self, message: Message, member: str) -> Message:
        if not message.body or (found := self._of_interface(message.body[0])) is None:
            return _refusal(message, "UnknownInterface", "no such interface")
        if member == "GetAll":
            return _reply(message, "a{sv}", (found,))
        if list(message.body[1:2]) not in [[name] for name in found]:
            return _refusal(message, "UnknownProperty", "no such property")
        if member == "Set":
            return _refusal(message, "PropertyReadOnly", "it can only be read")
        return _reply(message, "v", (found[message.body[1]],))

    def _of_interface(self, interface: object) -> Properties | None:
        if interface == ROOT:
            return ROOT_PROPERTIES
        if interface != PLAYER:
            return None
        snapshot = self._snapshot()
        return {**player_properties(snapshot), "Position": position(snapshot)}


def _reply(message: Message, signature: str | None = None, body: tuple[object, ...] = ()) -> Message:
    from jeepney import new_method_return

    return new_method_return(message, signature, body)


def _refusal(message: Message, error: str, words: str) -> Message:
    from jeepney import new_error

    return new_error(message, f"org.freedesktop.DBus.Error.{error}", "s", (words,))


def introspection(player: Properties) -> str:
    """The object described in XML, for clients that look before they ask."""
    methods = {ROOT: _OF_ROOT, PLAYER: (*BUTTONS, *_ARGUMENTS)}
    properties = {ROOT: ROOT_PROPERTIES, PLAYER: {**player, "Position": ("x", 0)}}
    ours = "".join(
        f"<interface name={quoteattr(name)}>{_methods(methods[name])}{_described(properties[name])}</interface>"
        for name in (ROOT, PLAYER)
    )
    return f"<node>{_OF_DBUS}{ours}</node>"


def _methods(names: Iterable[str]) -> str:
    return "".join(f'<method name="{name}">{_arguments(_ARGUMENTS.get(name, ()))}</method>' for name in names)


def _arguments(arguments: Iterable[tuple[str, str, str]]) -> str:
    return "".join(f'<arg name="{name}" type="{kind}" direction="{way}"/>' for name, kind, way in arguments)


def _described(properties: Properties) -> str:
    return "".join(f'<property name="{name}" type="{kind}" access="read"/>' for name, (kind, _) in properties.items())


_OF_DBUS: Final = (
    f'<interface name="{INTROSPECTABLE}"><method name="Introspect">{_arguments([("xml", "s", "out")])}</method>'
    f'</interface><interface name="{PEER}"><method name="Ping"/></interface><interface name="{PROPERTIES}">'
    '<method name="Get"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/>'
    '</method><method name="GetAll"><arg type="s" direction="in"/><arg type="a{sv}" direction="out"/></method>'
    '<method name="Set"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="in"/>'
    '</method><signal name="PropertiesChanged"><arg type="s"/><arg type="a{sv}"/><arg type="as"/></signal></interface>'
)
