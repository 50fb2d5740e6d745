using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Pairs;
using Mach.Testing;

namespace Mach.People.Tests.Links;

/// <summary>Random decisions about random pairs against a plain book of pairs. A failure names its seed.</summary>
public sealed class RandomDecisionTests
{
    private const int People = 6, Steps = 60;

    private static readonly string[] Kinds = [PairRow.Same, PairRow.Same, PairRow.Different, PairRow.Later, PairRow.Undone];

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    /// <summary>
    /// What is refused and what is done, who is one person after each decision, that nobody is one person with whom they were declared different from; what stands at the end
    /// decided alone, in any order, gives the same graph; and with every link taken apart, in any order, each Patient has the bytes that it began with.
    /// </summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Decisions_and_their_undoing_in_any_order_give_the_graph_that_stands_in_the_book(DbEngine engine)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 3; round++)
        {
            var what = $"seed {seed}, round {round}";
            await using var host = await PeopleHost.StartAsync(engine);
            var bodies = await FillAsync(host);
            var book = new Dictionary<(string A, string B), string>();
            for (var step = 0; step < Steps; step++)
            {
                var (pair, verdict) = (RandomPair(random), Kinds[random.Next(Kinds.Length)]);
                var expected = Expected(book, pair, verdict);
                var outcome = await DecideAsync(host, pair, verdict, random);
                Assert.True(expected == outcome, $"{what}, step {step}: {pair} {verdict} was {outcome}, not {expected}");
                if (outcome == VerdictOutcome.Done && book.GetValueOrDefault(pair) != verdict)
                {
                    book[pair] = verdict == PairRow.Undone && book.GetValueOrDefault(pair) != PairRow.Same ? PairRow.Waiting : verdict;
                }

                Assert.All(book.Where(b => b.Value == PairRow.Different), b => Assert.False(PersonOf(book, b.Key.A).Contains(b.Key.B), $"{what}, step {step}: {b.Key} are different and one person"));
                await CheckAsync(host, book, $"{what}, step {step}");
            }

            await using (var again = await PeopleHost.StartAsync(engine))
            {
                await FillAsync(again);
                foreach (var (pair, state) in book.Where(b => b.Value is PairRow.Same or PairRow.Different or PairRow.Later).OrderBy(_ => random.Next()))
                {
                    Assert.Equal(VerdictOutcome.Done, await DecideAsync(again, pair, state, random));
                }

                await CheckAsync(again, book, what + ", decided again in another order");
            }

            foreach (var (pair, _) in book.Where(b => b.Value == PairRow.Same).OrderBy(_ => random.Next()))
            {
                Assert.Equal(VerdictOutcome.Done, await DecideAsync(host, pair, PairRow.Undone, random));
            }

            for (var i = 0; i < People; i++)
            {
                Assert.True(bodies[i] == await host.BodyAsync("Patient", "p" + i), $"{what}: p{i} is not what it was");
            }
        }
    }

    private static async Task<string[]> FillAsync(PeopleHost host)
    {
        var bodies = new string[People];
        for (var i = 0; i < People; i++)
        {
            // One has a link of its own already, one blanks.
            bodies[i] = await host.PutPatientAsync("p" + i, "Hán Thị Mùi", $"195{i}-06-07", "female", i switch { 1 => ""","link":[{"other":{"display":"?"},"type":"refer"}]""", 2 => " , \"active\" : true", _ => "" });
        }

        return bodies;
    }

    private static async Task CheckAsync(PeopleHost host, Dictionary<(string A, string B), string> book, string what)
    {
        for (var i = 0; i < People; i++)
        {
            var linked = await host.Get<IPersonLinks>().LinkedAsync("p" + i, default);
            var expected = PersonOf(book, "p" + i);
            Assert.True(linked[0] == "p" + i && expected.SetEquals(linked), $"{what}: p{i} is {string.Join(' ', linked)}, not {string.Join(' ', expected)}");
        }
    }

    private static VerdictOutcome Expected(Dictionary<(string A, string B), string> book, (string A, string B) pair, string verdict)
    {
        if (verdict == PairRow.Same)
        {
            var (one, other) = (PersonOf(book, pair.A), PersonOf(book, pair.B));
            return book.Any(b => b.Key != pair && b.Value == PairRow.Different && ((one.Contains(b.Key.A) && other.Contains(b.Key.B)) || (one.Contains(b.Key.B) && other.Contains(b.Key.A))))
                ? VerdictOutcome.DeclaredDifferent : VerdictOutcome.Done;
        }

        return verdict == PairRow.Different && PersonOf(book, pair.A, pair).Contains(pair.B) ? VerdictOutcome.LinkedOverOthers : VerdictOutcome.Done;
    }

    private static HashSet<string> PersonOf(Dictionary<(string A, string B), string> book, string patient, (string, string) without = default)
    {
        var person = new HashSet<string>(StringComparer.Ordinal) { patient };
        int before;
        do
        {
            before = person.Count;
            foreach (var (a, b) in book.Where(p => p.Value == PairRow.Same && p.Key != without && (person.Contains(p.Key.A) || person.Contains(p.Key.B))).Select(p => p.Key))
            {
                person.Add(a);
                person.Add(b);
            }
        }
        while (person.Count > before);
        return person;
    }

    private static (string A, string B) RandomPair(Random random)
    {
        var (one, other) = (random.Next(People), random.Next(People - 1));
        return PairRow.Order("p" + one, "p" + (other < one ? other : other + 1));
    }

    private static Task<VerdictOutcome> DecideAsync(PeopleHost host, (string A, string B) pair, string verdict, Random random)
    {
        var (one, other) = random.Next(2) == 0 ? pair : (pair.B, pair.A);
        return host.Get<Verdicts>().DecideAsync(new VerdictWanted(one, other, verdict, "officer", ""), default);
    }
}
