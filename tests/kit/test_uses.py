import asyncio

from folkmoot.kit.uses import LastUses, Uses


def test_uses_are_written_together_and_the_last_ones_at_the_end() -> None:
    written: list[Uses] = []
    once = asyncio.Event()

    async def write(noted: Uses) -> None:
        written.append(noted)
        once.set()

    async def live() -> None:
        uses = LastUses()
        uses.start(write, every_s=0.01)
        uses.note(1, 7, 100)
        uses.note(1, 7, 200)
        uses.note(2, 8, 150)
        await once.wait()
        uses.note(3, 9, 300)
        await uses.stop(write)
        await uses.stop(write)

    asyncio.run(live())
    assert written == [{1: (7, 200), 2: (8, 150)}, {3: (9, 300)}]
