"""The shelf: nothing is overwritten unseen, nothing is lost, everything comes back."""

import os
import threading
from pathlib import Path

import pytest

from nbd_tui.errors import PresetError
from nbd_tui.store import preset_files, safe_write
from nbd_tui.store.preset_files import PresetChangedError, PresetShelf
from nbd_tui.store.presets import load_preset_file
from nbd_tui.workout.quick import QuickForm, preset_of
from tests.unit.store.preset_shelves import FRIDAY, a_preset, builtin, files, friday, other, own


class TestSaving:
    def test_a_new_preset_is_a_new_file_that_loads(self, shelf: PresetShelf, folder: Path) -> None:
        preset = preset_of(QuickForm("Friday", warm_up_s=None))
        saved = shelf.save(preset)
        assert (saved.id, saved.preset, saved.builtin) == ("friday", preset, False)
        assert list(files(folder)) == ["friday.toml"]

    def test_the_same_name_again_is_another_file(self, shelf: PresetShelf) -> None:
        assert [shelf.save(a_preset(name)).id for name in ("Friday", "friday!", "FRIDAY")] == [
            "friday",
            "friday-2",
            "friday-3",
        ]

    def test_no_built_in_preset_is_hidden(self, shelf: PresetShelf) -> None:
        assert shelf.save(a_preset("Tabata")).id == "tabata-2"
        assert builtin(shelf, "tabata").preset.name == "Tabata"

    @pytest.mark.parametrize("name", ["friday.toml", "FRIDAY.TOML"])
    def test_a_broken_file_of_that_name_is_left_alone(self, shelf: PresetShelf, folder: Path, name: str) -> None:
        folder.mkdir()
        (folder / name).write_text("broken", encoding="utf-8")
        assert shelf.save(a_preset()).id == "friday-2"
        assert files(folder)[name] == b"broken"

    def test_a_file_that_comes_at_the_last_moment_is_not_overwritten(
        self, shelf: PresetShelf, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = safe_write.write_new_text

        def beaten(file: Path, text: str) -> None:
            if file.name == "friday.toml":
                file.parent.mkdir(exist_ok=True)
                file.write_text("faster", encoding="utf-8")
            write(file, text)

        monkeypatch.setattr(preset_files, "write_new_text", beaten)
        assert shelf.save(a_preset()).id == "friday-2"
        assert files(folder)["friday.toml"] == b"faster"

    @pytest.mark.parametrize("number", [28, 13, 30], ids=["disk full", "no permission", "read-only"])
    def test_what_the_disk_refuses_is_told_and_leaves_nothing(
        self, shelf: PresetShelf, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
    ) -> None:
        loaded = friday(folder)
        before = files(folder)

        def refuse(_: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", refuse)
        for change in (
            lambda: shelf.save(a_preset("Other")),
            lambda: shelf.update(loaded, other(loaded)),
            lambda: shelf.copy(loaded),
            lambda: shelf.rename(loaded, "Other"),
        ):
            with pytest.raises(PresetError, match=os.strerror(number)):
                change()  # type: ignore[no-untyped-call]
            assert files(folder) == before

    def test_a_file_where_the_folder_should_be_is_told(self, folder: Path, shelf: PresetShelf) -> None:
        folder.write_text("x", encoding="utf-8")
        with pytest.raises(PresetError, match="nothing was changed"):
            shelf.save(a_preset())

    def test_many_threads_at_once_each_get_a_file(self, shelf: PresetShelf) -> None:
        threads = [threading.Thread(target=shelf.save, args=(a_preset(),)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(own(shelf)) == 8

    def test_without_hard_links_nothing_is_overwritten_either(
        self, shelf: PresetShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(self: Path, target: Path) -> None:
            raise OSError(95, "not supported")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
        assert [shelf.save(a_preset()).id for _ in range(2)] == ["friday", "friday-2"]
        with pytest.raises(FileExistsError):
            safe_write.write_new_text(shelf.load().loaded[0].file, "x")
        assert shelf.restore(shelf.delete(shelf.load().loaded[0])).id == "friday"


class TestUpdating:
    def test_comments_stay_and_the_rest_is_as_wanted(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder)
        assert shelf.update(loaded, other(loaded)).preset == other(loaded)
        assert files(folder) == {"friday.toml": FRIDAY.replace("30", '"1:17"').encode()}

    def test_a_file_changed_meanwhile_is_left_alone(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder)
        friday(folder, FRIDAY.replace("30", "40"))
        for change in (lambda: shelf.update(loaded, other(loaded)), lambda: shelf.rename(loaded, "Other")):
            with pytest.raises(PresetChangedError, match="another program has changed"):
                change()  # type: ignore[no-untyped-call]
        assert files(folder) == {"friday.toml": FRIDAY.replace("30", "40").encode()}

    def test_a_file_that_was_touched_but_says_the_same_is_no_obstacle(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder)
        os.utime(loaded.file, (1, 1))
        assert shelf.update(loaded, other(loaded)).preset == other(loaded)

    @pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"not toml"])
    def test_a_file_gone_or_broken_meanwhile_is_told(
        self, shelf: PresetShelf, folder: Path, content: bytes | None
    ) -> None:
        loaded = friday(folder)
        loaded.file.unlink()
        if content is not None:
            loaded.file.write_bytes(content)
        with pytest.raises(PresetChangedError):
            shelf.update(loaded, other(loaded))
        assert files(folder) == ({} if content is None else {"friday.toml": content})

    def test_line_ends_and_mark_stay_as_the_editor_made_them(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder, "\ufeff" + FRIDAY.replace("\n", "\r\n"))
        shelf.update(loaded, other(loaded))
        raw = files(folder)["friday.toml"]
        assert raw == ("\ufeff" + FRIDAY.replace("30", '"1:17"').replace("\n", "\r\n")).encode()

    def test_a_built_in_preset_is_never_written(self, shelf: PresetShelf) -> None:
        loaded = builtin(shelf, "tabata")
        before = loaded.file.read_bytes()
        for change in (
            lambda: shelf.update(loaded, other(loaded)),
            lambda: shelf.rename(loaded, "x"),
            lambda: shelf.delete(loaded),
        ):
            with pytest.raises(PresetError, match="comes with the program"):
                change()
        assert loaded.file.read_bytes() == before

    @pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
    def test_a_link_leads_to_its_target_still(self, shelf: PresetShelf, folder: Path, tmp_path: Path) -> None:
        target = tmp_path / "dotfiles.toml"
        target.write_text(FRIDAY, encoding="utf-8")
        folder.mkdir()
        (folder / "friday.toml").symlink_to(target)
        loaded = load_preset_file(folder / "friday.toml")
        renamed = shelf.rename(loaded, "Saturday")
        assert renamed.file == folder / "saturday.toml"
        assert renamed.file.is_symlink()
        assert "Saturday" in target.read_text(encoding="utf-8")
        assert shelf.restore(shelf.delete(renamed)).file.is_symlink()


class TestCopying:
    def test_a_built_in_preset_becomes_the_users(self, shelf: PresetShelf, folder: Path) -> None:
        copied = shelf.copy(builtin(shelf, "tabata"))
        assert (copied.id, copied.preset.name, copied.builtin) == ("tabata-copy", "Tabata copy", False)
        assert list(files(folder)) == ["tabata-copy.toml"]
        assert builtin(shelf, "tabata").preset.blocks == copied.preset.blocks

    def test_copies_of_copies_are_counted(self, shelf: PresetShelf, folder: Path) -> None:
        first = shelf.copy(friday(folder))
        assert [first.preset.name, shelf.copy(first).preset.name] == ["Friday copy", "Friday copy 2"]

    def test_comments_are_copied(self, shelf: PresetShelf, folder: Path) -> None:
        copied = shelf.copy(friday(folder))
        assert copied.file.read_text(encoding="utf-8") == FRIDAY.replace('"Friday"', '"Friday copy"')

    def test_a_changed_copy(self, shelf: PresetShelf, folder: Path) -> None:
        loaded = friday(folder)
        changed = other(loaded).model_copy(update={"name": "Long"})
        assert shelf.copy(loaded, changed).preset == changed
        assert shelf.load().loaded[0].preset == loaded.preset

    def test_a_long_name_leaves_room_to_say_copy(self, shelf: PresetShelf, folder: Path) -> None:
        copied = shelf.copy(friday(folder, FRIDAY.replace("Friday", "x" * 60)))
        assert copied.preset.name == "x" * 55 + " copy"


class TestRenaming:
    def test_name_and_file_change_and_the_old_file_is_gone(self, shelf: PresetShelf, folder: Path) -> None:
        renamed = shelf.rename(friday(folder), "Saturday × 2")
        assert (renamed.id, renamed.preset.name) == ("saturday-x-2", "Saturday × 2")
        assert files(folder) == {"saturday-x-2.toml": FRIDAY.replace("Friday", "Saturday × 2").encode()}

    def test_nothing_is_overwritten(self, shelf: PresetShelf, folder: Path) -> None:
        folder.mkdir()
        (folder / "saturday.toml").write_text("broken", encoding="utf-8")
        assert shelf.rename(friday(folder), "Saturday").id == "saturday-2"
        assert files(folder)["saturday.toml"] == b"broken"

    def test_a_name_with_the_same_id_keeps_the_file(self, shelf: PresetShelf, folder: Path) -> None:
        assert shelf.rename(friday(folder), "FRIDAY!").id == "friday"
        assert list(files(folder)) == ["friday.toml"]

    @pytest.mark.parametrize(
        ("name", "why"), [("  ", "at least one"), ("x" * 300, "at most 60 .* has 300"), ("a\nb", "one line")]
    )
    def test_a_name_that_cannot_be_is_refused(self, shelf: PresetShelf, folder: Path, name: str, why: str) -> None:
        with pytest.raises(PresetError, match=why):
            shelf.rename(friday(folder), name)
        assert files(folder) == {"friday.toml": FRIDAY.encode()}

    def test_a_file_that_cannot_move_has_its_new_name_inside(
        self, shelf: PresetShelf, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(file: Path, target: Path) -> None:
            raise PermissionError(13, "Permission denied")

        loaded = friday(folder)
        monkeypatch.setattr(preset_files, "move_to_free_name", refuse)
        renamed = shelf.rename(loaded, "Saturday")
        assert (renamed.id, renamed.preset.name) == ("friday", "Saturday")


def test_the_signature_tells_of_every_change(shelf: PresetShelf, folder: Path) -> None:
    seen = [shelf.signature()]
    loaded = friday(folder)
    for change in (lambda: None, lambda: friday(folder, FRIDAY + "#\n"), lambda: shelf.delete(loaded)):
        change()
        seen.append(shelf.signature())
    assert len(set(seen)) == 3
    assert seen[0] == seen[-1] == ()
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert shelf.signature() == ()
