/* The closed model in C: an event loop with a heap of chat ends, nothing measured. It is the limit for a simulator that
 * works event by event. Usage: closed_model POLICY USERS SECONDS, where POLICY is 1 or 2, the version.
 * Prints the number of pairings and the processor time in seconds. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MEAN_CHAT_SECONDS 60.0
#define MINIMUM 3 /* version 2 draws once so many are searching */

typedef struct { double end; int32_t one, other; } Chat;

static Chat *heap;
static int32_t chats, *pool, searching, *latest;
static uint64_t state = 0x9E3779B97F4A7C15u, pairings;

static double uniform(void) { /* xorshift64*, Vigna 2016: from 0 to 1, without 0 */
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return (double)(((state * 0x2545F4914F6CDD1Du) >> 11) + 1) * 0x1p-53;
}

static int32_t below(int32_t n) {
    int32_t drawn = (int32_t)(uniform() * n);
    return drawn < n ? drawn : n - 1;
}

static void push(Chat chat) {
    int32_t at = chats++;
    for (; at && heap[(at - 1) / 2].end > chat.end; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = chat;
}

static Chat pop(void) {
    Chat first = heap[0], last = heap[--chats];
    int32_t at = 0, child;
    while ((child = 2 * at + 1) < chats) {
        if (child + 1 < chats && heap[child + 1].end < heap[child].end) child++;
        if (heap[child].end >= last.end) break;
        heap[at] = heap[child], at = child;
    }
    heap[at] = last;
    return first;
}

static void pair(double now, int32_t first, int32_t second) { /* places in the pool, first < second */
    int32_t one = pool[first], other = pool[second];
    for (int32_t at = first; at < searching - 1; at++) pool[at] = pool[at + 1 + (at + 1 >= second)];
    searching -= 2;
    latest[one] = other, latest[other] = one, pairings++;
    push((Chat){now - MEAN_CHAT_SECONDS * log(uniform()), one, other});
}

static void draw(int policy, double now) { /* the pool never holds more than a few */
    if (policy == 2) {
        while (searching >= MINIMUM) {
            int32_t first = below(searching), second = below(searching - 1);
            if (second >= first) second++;
            pair(now, first < second ? first : second, first < second ? second : first);
        }
        return;
    }
    for (int32_t first = 0; first < searching; first++)
        for (int32_t second = first + 1; second < searching; second++)
            if (latest[pool[first]] != pool[second] && latest[pool[second]] != pool[first]) {
                pair(now, first, second);
                return;
            }
}

int main(int count, char **words) {
    if (count != 4) return 2;
    int policy = atoi(words[1]);
    int32_t users = atoi(words[2]);
    double until = atof(words[3]);
    clock_t start = clock();
    heap = malloc((size_t)(users / 2 + 1) * sizeof *heap);
    pool = malloc((size_t)(users + 2) * sizeof *pool), latest = malloc((size_t)users * sizeof *latest);
    if (!heap || !pool || !latest) return 1;
    for (int32_t user = 0; user < users; user++) latest[user] = -1;
    for (int32_t user = 0; user < users; user++) pool[searching++] = user, draw(policy, 0.0);
    while (chats && heap[0].end <= until) {
        Chat over = pop();
        pool[searching++] = over.one, draw(policy, over.end);
        pool[searching++] = over.other, draw(policy, over.end);
    }
    printf("%llu %.9f\n", (unsigned long long)pairings, (double)(clock() - start) / CLOCKS_PER_SEC);
    return 0;
}
