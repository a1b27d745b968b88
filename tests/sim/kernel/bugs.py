"""Bugs to plant in the kernel: those of the core's that it could have, too, and some that only it can have."""

from typing import NamedTuple


class KernelBug(NamedTuple):
    """A bug to plant.

    Attributes:
        name: the bug in words.
        file: the source, within ``sim/kernel``.
        before: the text that is there, once.
        after: the text that replaces it.
        policy: a policy with which it shows.
    """

    name: str
    file: str
    before: str
    after: str
    policy: str = "no-repeat"


def _bug(file: str, policy: str = "no-repeat", **bugs: tuple[str, str]) -> tuple[KernelBug, ...]:
    return tuple(KernelBug(name.replace("_", " "), file, *texts, policy) for name, texts in bugs.items())


_TICK = 'to be called at ``deadline``."""\n        '
_LEAVE = 'or has vanished."""\n        '
"""The ends of docstrings in ``roulette.py``."""

BUGS = (
    *_bug(
        "roulette.py",
        a_user_in_private_begins_to_search=(
            "        if state == IN_PRIVATE:\n            self._refuse(seat, now)\n        else:",
            "        if True:",
        ),
        a_user_is_their_own_partner=("self.partners[second] = first", "self.partners[second] = second"),
        a_chat_ends_for_one_of_the_two=(
            "self.partners[seat] = self.partners[partner] = NOBODY",
            "self.partners[seat] = NOBODY",
        ),
        a_return_is_told_as_a_search=("self.rows.add(now, RETURNED", "self.rows.add(now, SEARCHING"),
        a_user_in_the_lobby_is_still_in_the_pool=("        self.policy.leave(seat)\n", ""),
        a_partner_told_to_search_is_not_in_the_pool=(
            "self._search(partner, now)  # ahead",
            "self.states[partner] = IN_POOL  # ahead",
        ),
        a_partner_of_a_user_who_leaves_does_not_return_to_the_pool=(
            "if self._to_lobby:",
            "if self._to_lobby or cause == PARTED_LEAVE:",
        ),
        partners_always_search=("if self._to_lobby:", "if False:"),
        a_private_line_comes_back=(
            "PRIVATE_LINE, seat, partner)",
            "PRIVATE_LINE, seat, partner if partner == NOBODY else seat)",
        ),
        private_lines_are_said_in_the_lobby=(
            "LOBBY_LINE if partner == NOBODY else PRIVATE_LINE",
            "LOBBY_LINE",
        ),
        a_partner_is_not_told_of_a_leaving=(
            "            self._part(seat, PARTED_LEAVE, now)\n",
            "            self._search(self.partners[seat], now)\n",
        ),
        an_end_by_next_is_put_down_to_lobby=("self._part(seat, PARTED_NEXT", "self._part(seat, PARTED_LOBBY"),
        the_user_who_asks_for_next_enters_ahead_of_the_partner=(
            "self._part(seat, PARTED_NEXT, now)\n            self._search(seat, now)",
            "self._search(seat, now)\n            self._part(seat, PARTED_NEXT, now)",
        ),
        one_pair_at_a_time=("while self._searching > 1", "if self._searching > 1"),
        a_user_who_leaves_is_remembered=("        self.policy.forget(seat)\n", ""),
        an_event_without_effects_has_no_row=(
            "        self.rows.end(now)\n",
            "        if self.rows.count:\n            self.rows.end(now)\n",
        ),
    ),
    *_bug(
        "roulette.py",
        "uniform:minimum=2",
        a_block_works_like_next=("            self.policy.blocks.add(seat, self.partners[seat])\n", ""),
        blocks_outlive_a_leaving=("        self.policy.blocks.forget(seat)\n", ""),
    ),
    *_bug(
        "roulette.py",
        "waves:every=4",
        pairings_that_are_due_are_late=(_TICK + "if now >= self.deadline:", _TICK + "if now > self.deadline + 1:"),
        pairings_at_the_deadline_are_late=(_TICK + "if now >= self.deadline:", _TICK + "if now > self.deadline:"),
        a_user_leaves_ahead_of_overdue_pairings=(
            _LEAVE + "if now >= self.deadline:",
            _LEAVE + "if now > self.deadline + 1:",
        ),
        deadlines_stay=("if policy.has_deadlines:", "if policy.has_deadlines and now >= self.deadline:"),
    ),
    *_bug(
        "roulette.py",
        "interests:patience=6",
        new_topics_are_ignored=("            self.policy.wants(seat, topics, state == IN_POOL)\n", ""),
        new_topics_count_from_the_next_event_on=(
            "            if state == IN_POOL:\n                self._pool_changed = True",
            "            if state == IN_POOL:\n                pass",
        ),
        new_topics_cost_the_place=(
            "            if state == IN_POOL:\n                self._pool_changed = True",
            "            if state == IN_POOL:\n                self._stop_searching(seat); self._search(seat, now)",
        ),
    ),
    *_bug(
        "memory.py",
        one_of_two_remembers=("self.partner[second] = first", "pass"),
        the_latest_partner_outlives_a_leaving=("self.partner[seat] = NOBODY", "pass"),
        all_partners_of_a_user_who_leaves_forget_them=(
            "self.partner[seat] = NOBODY",
            "other = self.partner[seat]; self.partner[seat] = NOBODY\n"
            "        if other != NOBODY and self.partner[other] == seat: self.partner[other] = NOBODY",
        ),
        a_block_holds_in_one_direction=("        self._list(entry ^ 1, other, user)\n", ""),
        a_block_is_forgotten_on_one_side=("            self._unlist(twin, self.other[entry])\n", ""),
        the_second_block_of_a_user_hides_the_first=("self.after[entry] = following", "self.after[entry] = NOBODY"),
    ),
    *_bug(
        "memory.py",
        "fresh:memory=3,patience=7",
        one_of_two_remembers_recent_partners=("        self._append(second, first)\n", ""),
        one_of_two_is_asked_for_recent_partners=(
            "return by_first if by_first > by_second else by_second",
            "return by_first",
        ),
        the_oldest_partner_is_remembered_too_briefly=("known = self.depth\n", "known = self.depth - 1\n"),
        rings_overlap=("begin = seat * self.depth", "begin = seat * (self.depth - 1)"),
        recent_partners_outlive_a_leaving=("self.met[seat] = 0", "pass"),
    ),
    *_bug(
        "pool.py",
        the_newest_is_lost=("self.tail = older", "pass"),
        the_newest_is_the_oldest=("self.after[tail] = seat", "self.after[seat] = self.head; self.head = seat"),
        a_user_waits_since_the_time_before=("        self.since[seat] = now\n", ""),
    ),
    *_bug(
        "pool.py",
        "fresh:memory=3,patience=20",
        newcomers_at_the_same_time_are_overlooked=("            seat = self.before[seat]\n", "            break\n"),
    ),
    *_bug(
        "pool.py",
        "uniform:minimum=7",
        the_gap_is_not_filled=("        self.users[number] = last\n", ""),
        the_last_one_is_not_renumbered=("        self._numbers[last] = number\n", ""),
    ),
    *_bug(
        "policies/no_repeat.py",
        one_of_two_is_asked=(
            "latest.partner[first] != second and latest.partner[second] != first",
            "latest.partner[first] != second",
        ),
        the_longest_waiting_two_are_tried=("                second = pool.after[second]\n", "                break\n"),
        a_blocked_pair_meets=("(not blocks.pairs or not blocks.between(first, second))", "True"),
        newcomers_to_a_full_pool_are_not_tried_with_those_who_wait=("first == newcomer", "pool.size > 4"),
    ),
    *_bug(
        "policies/fresh.py",
        "fresh:memory=3,patience=20",
        newcomers_to_a_full_pool_are_not_tried_with_those_who_wait=("first == newcomer", "pool.size > 4"),
        those_who_blocked_each_other_are_strangers=(
            "== 0 and not self.blocks.between(first, second)",
            "== 0",
        ),
    ),
    *_bug(
        "policies/uniform.py",
        "uniform",
        one_more_than_the_minimum=("waiting < self.minimum", "waiting <= self.minimum"),
        the_second_may_be_the_first=("if second >= first:", "if second > first:"),
        the_draw_is_among_the_first_few=("choose(waiting - 1)", "choose(min(2, waiting - 1))"),
        a_blocked_pair_is_drawn=("not self.blocks.between(self.first, self.second) or", "True or"),
        nobody_is_drawn_instead_of_a_blocked_pair=(" or self._draw_allowed()", ""),
        the_first_of_the_allowed_pairs_is_drawn=("self._take(self.choices.choose(allowed))", "self._take(0)"),
        an_allowed_pair_is_drawn_in_one_order=("one != other and", "one < other and"),
    ),
    *_bug(
        "policies/fresh.py",
        "fresh:memory=3,patience=7",
        patience_lasts_twice_as_long=(
            "return self.pool.since[user] + self.patience",
            "return self.pool.since[user] + 2 * self.patience",
        ),
        the_deadline_is_for_the_longest_waiting=(
            "return self.pool.since[user] + self.patience",
            "return self.pool.since[ahead] + self.patience",
        ),
        the_deadline_is_for_two_who_are_blocked=("if not self.blocks.between(user, ahead):", "if True:"),
        one_of_two_is_impatient=(" and pool.since[second] + self.patience <= now", ""),
        the_impatient_meet_whom_they_blocked=("  if not self.blocks.between(first, second):", "  if True:"),
    ),
    *_bug(
        "policies/waves.py",
        "waves:every=4",
        every_second_wave_is_skipped=("wave = self._wave(now) + 1", "wave = self._wave(now) + 2"),
        a_wave_takes_those_who_enter_with_it=(
            "self._wave(pool.since[other]) < wave",
            "self._wave(pool.since[other]) <= wave",
        ),
        a_wave_ignores_blocks=("if not self.blocks.between(user, other):", "if True:"),
        a_user_who_may_meet_none_holds_up_all=("            first = pool.after[first]\n", "            break\n"),
        the_last_of_the_least_met_is_taken=("times < fewest", "times <= fewest"),
        the_first_aboard_is_taken=("fewest and", "fewest > MEMORY and"),
    ),
    *_bug(
        "policies/waves.py",
        "waves:every=0.3",
        rounding_brings_a_wave_forward=("while self._wave(time) < wave:", "while False:"),
    ),
    *_bug(
        "memory.py",
        "interests:patience=6",
        one_of_two_is_asked=(
            "self.partner[first] == second or self.partner[second] == first",
            "self.partner[first] == second",
        ),
    ),
    *_bug(
        "policies/interests.py",
        "interests:patience=6",
        who_loses_patience_is_not_tried=(
            "            self._impatient[seat] = True\n            self._untried.enter(seat)\n",
            "            self._impatient[seat] = True\n",
        ),
        the_latest_partner_is_avoided_for_ever=("(both_impatient or not", "(not"),
        one_of_two_impatient_is_enough=("== 2", ">= 1"),
        topics_override_a_block=(" and not self.blocks.between(user, other):", ":"),
        users_are_told_to_meet_themselves=("fits and other != user and", "fits and"),
        those_who_left_each_other_share_a_topic=(
            "self._topics[user] & self._topics[other] != 0 and not self.latest.between(user, other)",
            "self._topics[user] & self._topics[other] != 0",
        ),
        being_open_counts_as_much_as_a_topic=(
            "self._complete(True) or self._complete(False)",
            "self._complete(False) or self._complete(True)",
        ),
        the_newest_pair_goes_first=("self._arrival[user] < self._arrival[first]", "False"),
        the_newest_of_two_goes_first=(
            "if self._arrival[other] < self._arrival[user]:",
            "if self._arrival[other] > self._arrival[user]:",
        ),
        patience_goes_on_from_the_last_search=("        self._impatient[seat] = False\n", ""),
        the_first_patient_user_is_gone=(
            "            self._first_patient = self.pool.after[seat]\n        if self._untried",
            "            pass\n        if self._untried",
        ),
        a_change_of_topics_is_not_tried=("if waiting and not self._untried.holds(seat):", "if False:"),
        those_who_complete_nothing_are_tried_again=("            self._untried.clear()\n", "            pass\n"),
    ),
)  # fmt: skip
