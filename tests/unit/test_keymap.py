import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding
from textual.keys import _character_to_key

from nbd_tui.keymap import BINDINGS, Action, binding_of, bindings_in, keymap_of, keymap_problems, keys_of
from nbd_tui.keynames import key_hint, key_label, normalised_key, split_keys


def messages(remapped: dict[str, str]) -> str:
    return "\n".join(str(problem) for problem in keymap_problems(remapped))


class TestRegistry:
    def test_ids_are_unique_and_every_action_is_bound(self) -> None:
        ids = [binding.id for binding in BINDINGS]
        assert len(ids) == len(set(ids))
        assert set(Action) <= set(ids)

    def test_the_defaults_are_keys_of_textual_without_a_clash(self) -> None:
        for binding in BINDINGS:
            assert (
                keys_of(binding.id, {})
                == split_keys(binding.keys)
                == tuple(made.key for made in Binding.make_bindings([Binding(binding.keys, "x")]))
            )
        assert keymap_problems({binding.id: binding.keys for binding in BINDINGS}) == ()

    def test_letters_of_plain_mode_are_unique(self) -> None:
        letters = [binding.letter for binding in BINDINGS if binding.letter]
        assert len(letters) == len(set(letters))

    def test_every_scope_has_what_works_everywhere(self) -> None:
        assert binding_of("app.help") in bindings_in("workout")
        assert binding_of("app.help") in bindings_in("home")
        assert bindings_in("everywhere").count(binding_of("app.help")) == 1
        assert binding_of("home.start") not in bindings_in("workout")

    def test_an_unknown_id_is_a_key_error(self) -> None:
        with pytest.raises(KeyError):
            keys_of("workout.pawse", {})


class TestRemapping:
    def test_the_users_keys_come_before_the_defaults_in_textuals_names(self) -> None:
        remapped = {"workout.pause": "p, space", "workout.add_time": "+,PgUp,+"}
        assert keys_of("workout.pause", remapped) == ("p", "space")
        assert keys_of("workout.add_time", remapped) == ("plus", "pageup")
        assert keys_of("workout.skip", remapped) == ("right",)
        assert keymap_of(remapped) == {"workout.pause": "p,space", "workout.add_time": "plus,pageup"}

    def test_free_keys_are_fine(self) -> None:
        assert keymap_problems({"workout.pause": "p,space", "workout.skip": "ctrl+right,y", "app.help": "f1,?"}) == ()

    def test_two_actions_may_change_places(self) -> None:
        assert keymap_problems({"workout.skip": "left", "workout.back": "right"}) == ()

    def test_the_same_key_may_do_different_things_on_different_screens(self) -> None:
        assert keymap_problems({"home.start": "m"}) == ()

    def test_an_unknown_action_gets_the_nearest_as_a_hint(self) -> None:
        (problem,) = keymap_problems({"workout.pawse": "p"})
        assert (problem.key, problem.hint) == ("workout.pawse", 'did you mean "workout.pause"?')

    @pytest.mark.parametrize("keys", ["", " ", ",,", ", ,"])
    def test_no_action_is_left_without_a_key(self, keys: str) -> None:
        assert "without a key" in messages({"workout.pause": keys})

    def test_what_is_no_key_is_refused_with_a_hint(self) -> None:
        assert messages({"workout.pause": "spce,p"}) == 'workout.pause: "spce" is not a key (did you mean "space"?)'

    def test_a_clash_in_the_same_scope_names_both_actions_and_the_key(self) -> None:
        (problem,) = keymap_problems({"workout.pause": "space,m"})
        assert problem.key == "workout.pause"
        assert all(part in problem.message for part in ("the key m", "pause / go on", "music off / on", "workout.mute"))

    @pytest.mark.parametrize("moved", ["workout.pause", "workout.mute"])
    def test_a_clash_is_told_at_the_action_that_was_moved(self, moved: str) -> None:
        (problem,) = keymap_problems({moved: {"workout.pause": "m", "workout.mute": "space"}[moved]})
        assert problem.key == moved

    def test_a_clash_between_two_moved_actions_is_told_once(self) -> None:
        assert len(keymap_problems({"workout.pause": "x", "workout.skip": "x"})) == 1

    @pytest.mark.parametrize("remapped", [{"app.help": "m"}, {"home.start": "?"}, {"workout.mute": "question_mark"}])
    def test_what_works_everywhere_clashes_with_every_scope(self, remapped: dict[str, str]) -> None:
        assert "is both" in messages(remapped)

    @pytest.mark.parametrize(
        ("remapped", "other"),
        [
            ({"home.quit": "s"}, "summary.still_hits"),
            ({"home.quit": "right"}, "history.open"),
            ({"summary.note": "q"}, "home.quit"),
        ],
    )
    def test_the_key_that_quits_does_so_on_the_summary_and_in_the_history_too(
        self, remapped: dict[str, str], other: str
    ) -> None:
        assert f"({other})" in messages(remapped)
        assert "how hard it was" in messages({"home.quit": "5"})
        assert messages({"home.start": "right"}) == ""

    @pytest.mark.parametrize("written", ["+", "plus", "plus_sign", "equals", "="])
    def test_a_clash_is_found_however_the_key_is_written(self, written: str) -> None:
        assert "workout.add_time" in messages({"workout.mute": written})

    def test_case_makes_another_key(self) -> None:
        assert keymap_problems({"workout.mute": "N"}) == ()
        assert "workout.restart" in messages({"workout.mute": "shift+r"})

    def test_ctrl_q_is_for_ending_only_and_ctrl_c_for_copying(self) -> None:
        assert "always quits" in messages({"workout.mute": "ctrl+q"})
        assert keymap_problems({"workout.stop": "x,Ctrl+Q", "home.quit": "ctrl+q"}) == ()
        assert "never reaches" in messages({"workout.stop": "ctrl+c"})

    @pytest.mark.parametrize("key", ["s", "+", "space", "tab", "enter", "delete"])
    def test_what_is_typed_into_the_form_stays_text(self, key: str) -> None:
        assert "is typed into the form" in messages({"form.save": f"ctrl+s,{key}"})
        assert "is typed" not in messages({"workout.mute": key})

    @pytest.mark.parametrize("key", ["f2", "ctrl+o", "escape"])
    def test_other_keys_may_save_the_form(self, key: str) -> None:
        assert "is typed" not in messages({"form.save": key})

    @pytest.mark.parametrize("key", ["up", "down", "Home", "end", "PgUp", "pagedown"])
    @pytest.mark.parametrize("binding_id", ["home.start", "home.quit", "app.help"])
    def test_keys_of_homes_list_are_its_own(self, key: str, binding_id: str) -> None:
        assert "moves in lists" in messages({binding_id: f"x,{key}"})
        assert "moves in lists" not in messages({"workout.mute": key})

    @given(
        st.dictionaries(
            st.sampled_from([*(binding.id for binding in BINDINGS), "nope"]), st.text(max_size=12), max_size=4
        )
    )
    def test_an_accepted_keymap_leaves_every_action_a_key_and_no_key_two_actions(
        self, remapped: dict[str, str]
    ) -> None:
        if keymap_problems(remapped):
            return
        for scope in ("workout", "home"):
            keys = [key for binding in bindings_in(scope) for key in keys_of(binding.id, remapped)]
            assert len(keys) == len(set(keys))
        assert all(keys_of(binding.id, remapped) for binding in BINDINGS)


class TestKeyNames:
    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("+", "plus"), ("-", "minus"), ("=", "equals_sign"), ("]", "right_square_bracket"), ("?", "question_mark"),
            (" ", "space"), ("R", "R"), ("r", "r"), ("shift+r", "R"), ("Space", "space"), ("ESC", "escape"),
            ("return", "enter"), ("plus_sign", "plus"), ("ctrl++", "ctrl+plus"),
            ("PgDn", "pagedown"), ("F5", "f5"), ("Ctrl+Q", "ctrl+q"), ("shift+ctrl+left", "ctrl+shift+left"),
            ("ctrl+i", "tab"), ("ctrl+m", "enter"), ("shift+tab", "shift+tab"), ("alt+x", "alt+x"), ("é", "é"),
        ],
    )  # fmt: skip
    def test_keys_are_taken_as_people_write_them(self, written: str, name: str) -> None:
        assert normalised_key(written) == name

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "spce",
            "shift+1",
            "shift+",
            "ctrl+",
            "+x",
            "a+b",
            "ctrl+ctrl+x",
            "f25",
            "ab",
            "\x1b",
            "ctrl+shift",
            "hyper+x",
        ],
    )
    def test_what_no_terminal_sends_is_no_key(self, written: str) -> None:
        assert normalised_key(written) is None
        assert key_hint(written)

    @given(
        st.characters(
            min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp", "Co")
        )
    )
    def test_a_character_has_the_name_textual_gives_it(self, character: str) -> None:
        assert normalised_key(character) == _character_to_key(character)

    @given(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=("Cc", "Cf", "Zs")))
    def test_a_name_stays_itself_and_is_shown_as_its_character(self, character: str) -> None:
        name = normalised_key(character)
        assert name is not None
        assert normalised_key(name) == name
        assert key_label(name) == character

    @pytest.mark.parametrize(
        ("key", "label"),
        [("right_square_bracket", "]"), ("right", "→"), ("escape", "esc"),
         ("pageup", "PgUp"), ("plus", "+"), ("R", "R"), ("ctrl+q", "ctrl+q"),
         ("ctrl+left", "ctrl+←"), ("f5", "F5"), ("space", "space"), ("unheard_of", "unheard_of")],
    )  # fmt: skip
    def test_labels(self, key: str, label: str) -> None:
        assert key_label(key) == label

    @given(st.text(max_size=30))
    def test_any_text_is_a_key_or_gets_a_hint(self, text: str) -> None:
        assert normalised_key(text) or key_hint(text)

    def test_a_comma_alone_is_the_key(self) -> None:
        assert split_keys(",") == (",",)
        assert split_keys("a, b ,") == ("a", "b")
