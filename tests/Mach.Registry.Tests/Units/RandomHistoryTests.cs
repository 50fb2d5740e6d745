using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Tests.Units;

/// <summary>Random histories against slow and plain answers. A failure names its seed.</summary>
public sealed class RandomHistoryTests
{
    private static readonly DateOnly First = new(2020, 1, 1);

    [Fact]
    public void Bitemporal_answers_agree_with_a_book_that_is_copied_at_every_change()
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            var random = new Random(seed);
            var state = RegistryState.Empty;
            var copies = new List<Dictionary<(string, string, int), string>> { new() };
            var undone = new List<(long Number, int Copy)>();
            for (var change = 1; change <= 12; change++)
            {
                var draft = new RegistryDraft(state, change * 10);
                var book = new Dictionary<(string, string, int), string>(copies[^1]);
                if (undone.Count > 0 && random.Next(4) == 0)
                {
                    // Only the newest change is sure to be free of later ones.
                    Assert.Null(draft.Undo(undone[^1].Number));
                    book = new(copies[undone[^1].Copy]);
                    undone.Clear();
                }
                else
                {
                    undone.Add((draft.Number, copies.Count - 1));
                    for (var i = random.Next(1, 4); i > 0; i--)
                    {
                        State(draft.Units, book, random);
                    }
                }

                if (draft.IsEmpty)
                {
                    undone.Clear();
                }

                state = draft.IsEmpty ? state : draft.Result();
                copies.Add(book);
            }

            for (var known = 0; known < copies.Count; known++)
            {
                foreach (var subject in new[] { "a", "b" })
                {
                    for (var day = 0; day < 30; day++)
                    {
                        var expected = copies[known].GetValueOrDefault((subject, "name", day));
                        var answer = state.Units.Value(subject, "name", First.AddDays(day), (known * 10) + 5);
                        Assert.True(expected == answer, $"seed {seed}, known after change {known}, {subject} on day {day}: {expected} expected, {answer} answered");
                    }
                }
            }
        }
    }

    [Fact]
    public void Random_successions_keep_totals_rows_of_one_and_the_product_of_their_parts()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var map = RandomMap(random, events: 8);
            var days = Enumerable.Range(0, 4).Select(_ => First.AddDays(random.Next(100))).Order().ToArray();
            foreach (var by in Enum.GetValues<ShareBy>())
            {
                var whole = map.Between(days[0], days[3], UnitLevel.Commune, by);
                var product = map.Between(days[0], days[1], UnitLevel.Commune, by).Then(map.Between(days[1], days[2], UnitLevel.Commune, by)).Then(map.Between(days[2], days[3], UnitLevel.Commune, by));
                Assert.All(whole.FromUnits, u => Assert.Equal(1m, whole.Row(u).Sum(c => c.Share)));
                Same(whole, product, seed);
                var amounts = map.All(days[0]).ToDictionary(u => u.Id, _ => (decimal)random.Next(100_000));
                Assert.Equal(amounts.Values.Sum(), whole.Carry(amounts).Total);
                var back = map.Between(days[3], days[0], UnitLevel.Commune, by);
                Assert.All(back.FromUnits, u => Assert.Equal(1m, back.Row(u).Sum(c => c.Share)));
                Assert.All(back.Cells, c => Assert.NotNull(map.Find(c.To, days[0])));
                Assert.All(whole.Cells, c => Assert.NotNull(map.Find(c.To, days[3])));
            }

            var facts = Enumerable.Range(0, 200).Select(_ => First.AddDays(random.Next(100))).SelectMany(d => map.All(d).Take(1 + random.Next(3)).Select(u => new UnitAmount(u.Id, d, random.Next(1000)))).ToList();
            foreach (var boundary in (Boundary[])[Boundary.AtEvent, .. days.Select(Boundary.AsOf)])
            {
                var table = map.Regroup(facts, boundary);
                Assert.True(table.Total == facts.Sum(f => f.Amount) && table.Elsewhere == 0, $"seed {seed}, {boundary}: {table.Total} of {facts.Sum(f => f.Amount)}, {table.Elsewhere} elsewhere");
            }
        }
    }

    [Fact]
    public void In_random_histories_each_line_of_a_table_is_the_sum_of_its_parts_by_any_other_map()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var map = RandomMap(random, events: 8);
            var figures = new UnitFigures(map, Ledger.Empty, long.MaxValue - 1);
            for (var i = 0; i < 6; i++)
            {
                var (day, by, beside) = (First.AddDays(random.Next(100)), First.AddDays(random.Next(100)), First.AddDays(random.Next(100)));
                beside = i == 0 ? by : beside;
                var question = new FigureQuestion(day, Boundary.AsOf(by));
                var (table, parts) = (figures.Ask(question), figures.Parts(question, Boundary.AsOf(beside)));
                Assert.Equal(table.Lines.Select(l => l.Unit!.Id).Order(StringComparer.Ordinal), parts.Select(p => p.Key).Order(StringComparer.Ordinal));
                foreach (var line in table.Lines)
                {
                    var sum = FigureLine.Sum(parts[line.Unit!.Id]);
                    Assert.True(line.Population.Amount == sum.Population.Amount, $"seed {seed}, figures of {day:O} by {by:O} beside {beside:O}, {line.Unit.Id}: {line.Population.Amount} and {sum.Population.Amount}");
                    Assert.All(parts[line.Unit.Id], p => Assert.NotNull(map.Find(p.Unit!.Id, beside)));
                }

                // What is exact on both sides is exact together, and nothing else.
                Assert.True(by != beside || table.Lines.All(l => parts[l.Unit!.Id].Single() is var same && same.Unit!.Id == l.Unit.Id));
            }
        }
    }

    private static void State(LedgerDraft draft, Dictionary<(string, string, int), string> book, Random random)
    {
        var from = random.Next(0, 29);
        var to = random.Next(from + 1, 31);
        var subject = random.Next(2) == 0 ? "a" : "b";
        var value = random.Next(5) == 0 ? null : random.Next(4).ToString(CultureInfo.InvariantCulture);
        draft.State(new Statement(subject, "name", value, First.AddDays(from), First.AddDays(to)));
        for (var day = from; day < to; day++)
        {
            if (value is null)
            {
                book.Remove((subject, "name", day));
            }
            else
            {
                book[(subject, "name", day)] = value;
            }
        }
    }

    private static void Same(Crosswalk whole, Crosswalk product, int seed)
    {
        Assert.Equal(whole.Cells.Select(c => (c.From, c.To)), product.Cells.Select(c => (c.From, c.To)));
        foreach (var (a, b) in whole.Cells.Zip(product.Cells))
        {
            Assert.True(Math.Abs(a.Share - b.Share) < 1e-15m, $"seed {seed}: {a} and {b}");
        }
    }

    private static UnitMap RandomMap(Random random, int events)
    {
        var state = RegistryState.Empty;
        var alive = new List<string>();
        var names = 0;
        var draft = new RegistryDraft(state, 1);
        for (; names < 6; names++)
        {
            Born(draft, alive, "u" + names, First, random);
        }

        state = draft.Result();
        for (var i = 0; i < events; i++)
        {
            draft = new RegistryDraft(state, 10 + i);
            var plan = RandomPlan(random, alive, First.AddDays((i * 12) + random.Next(1, 12)), i, ref names);
            Assert.Empty(plan.Check(draft));
            plan.State(draft);
            alive.RemoveAll(plan.Ends.Contains);
            alive.AddRange(plan.Births.Select(b => b.Id));
            state = draft.Result();
        }

        return new UnitMap(state.Units, state.Successions, long.MaxValue - 1);
    }

    private static SuccessionPlan RandomPlan(Random random, List<string> alive, DateOnly date, int number, ref int names)
    {
        var one = alive[random.Next(alive.Count)];
        var other = alive.Find(a => a != one);
        var ev = string.Create(CultureInfo.InvariantCulture, $"e{number}");
        switch (other is null ? 1 : random.Next(5))
        {
            case 0:
                var born = "u" + names++;
                return new SuccessionPlan(ev, date, "thử", "merge", [new(one, born, 1, 1), new(other!, born, 1, 1)], [new(born, "", "Xã " + born, "commune")]);
            case 1:
                var (a, b) = ("u" + names++, "u" + names++);
                var share = random.Next(1, 100) / 100m;
                return new SuccessionPlan(ev, date, "thử", "split", random.Next(3) == 0 ? [new(one, a, null, null), new(one, b, null, null)] : [new(one, a, share, 1 - share), new(one, b, 1 - share, share)],
                    [new(a, "", "Xã " + a, "commune"), new(b, "", "Xã " + b, "commune")]);
            case 2:
                return new SuccessionPlan(ev, date, "thử", "rename", [new(one, one, 1, 1)], [new(one, "", "Xã đổi tên " + number, "commune")]);
            case 3:
                return new SuccessionPlan(ev, date, "thử", "upgrade", [new(one, one, 1, 1)], [new(one, "", "Phường " + one, "ward")]);
            default:
                var part = random.Next(1, 50) / 100m;
                return new SuccessionPlan(ev, date, "thử", "transfer", [new(one, one, 1 - part, 1 - part), new(one, other!, part, part)], []);
        }
    }

    private static void Born(RegistryDraft draft, List<string> alive, string id, DateOnly date, Random random)
    {
        draft.Units.State(Statement.Always(id, Aspects.Exists, ""));
        draft.Units.State(Statement.Always(id, Aspects.Name, "Xã " + id));
        draft.Units.State(Statement.Always(id, Aspects.Type, "commune"));
        if (random.Next(3) > 0)
        {
            draft.Units.State(Statement.Always(id, Aspects.Measure("population", "thử"), random.Next(1000, 9000).ToString(CultureInfo.InvariantCulture)));
        }

        alive.Add(id);
    }
}
