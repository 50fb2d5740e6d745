using System.Globalization;
using Mach.Demo.Doubles;
using Mach.People.Matching;
using Xunit.Abstractions;

namespace Mach.People.Tests.Matching;

/// <summary>What the shipped weights do with 20,000 pairs of which it is known who is who (other people than those they were learned from).</summary>
public sealed class CurveTests(ITestOutputHelper output)
{
    private const int Pairs = 20_000, Registrations = 20_000, People = 1_300_000;

    [Fact]
    public void Links_are_right_and_nearly_all_doubles_are_found()
    {
        var judge = new Judge(WeightTable.Shipped, People);
        var judged = new DoublesSource(seed: 2027).Generate(Pairs).Select(p => (Pair: p, Judgement: judge.Weigh(Known.Of(p.First), Known.Of(p.Second)))).ToList();
        Describe(judged);
        var same = judged.Where(j => j.Pair.IsSame).ToList();
        var linked = judged.Where(j => j.Judgement.Grade == Grade.Link).ToList();
        var precision = linked.Count(j => j.Pair.IsSame) / (double)linked.Count;
        var recall = same.Count(j => j.Judgement.Grade == Grade.Link) / (double)same.Count;
        Assert.True(precision >= 0.9995, $"precision {precision:P3}");
        Assert.True(recall >= 0.97, $"recall {recall:P2}");
    }

    /// <summary>Each registration against the whole register, through the blocking keys; the best candidate decides.</summary>
    [Fact]
    public void Few_registrations_end_in_a_question()
    {
        var (register, desk) = new DoublesSource(seed: 2028).Desks(Registrations);
        var known = register.Select(Known.Of).ToList();
        var blocks = known.SelectMany((person, i) => BlockingKeys.Of(person).Concat(Numbers(person)).Select(key => (key, i))).ToLookup(b => b.key, b => b.i);
        var judge = new Judge(WeightTable.Shipped, People);
        int asked = 0, linked = 0, wrong = 0, candidates = 0;
        foreach (var (registration, holder, _) in desk)
        {
            var person = Known.Of(registration);
            var found = BlockingKeys.Of(person).Concat(Numbers(person)).SelectMany(k => blocks[k]).Distinct().ToList();
            candidates += found.Count;
            var best = found.Select(i => (i, Judgement: judge.Weigh(person, known[i]))).OrderByDescending(c => c.Judgement.Bits).FirstOrDefault((i: -1, Judgement: null!));
            asked += best.Judgement is { Grade: Grade.Ask } ? 1 : 0;
            linked += best.Judgement is { Grade: Grade.Link } && best.i == holder ? 1 : 0;
            wrong += best.Judgement is { Grade: Grade.Link } && best.i != holder ? 1 : 0;
        }

        var again = desk.Count(d => d.Holder >= 0);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{desk.Count} registrations, {again} of people known: {linked} linked, {wrong} wrongly, {asked} asked; {candidates / (double)desk.Count:0.0} candidates each"));
        Assert.True(asked <= 0.005 * desk.Count, $"asked {asked}");
        Assert.True(linked >= 0.97 * again, $"linked {linked} of {again}");
        Assert.True(wrong <= 0.0005 * linked, $"wrong {wrong}");
    }

    private static IEnumerable<long> Numbers(Candidate person) =>
        person.Facts.InsuranceNumbers.Append(person.Facts.CitizenNumber).OfType<string>().Concat(person.Facts.Papers).Select(BlockingKeys.Hash);

    private void Describe(List<(LabelledPair Pair, Judgement Judgement)> judged)
    {
        foreach (var bits in new[] { -4, -2, 0, 2, 4, 6, 8, 10, 12, 14 })
        {
            var over = judged.Where(j => j.Judgement.Bits >= bits && j.Judgement.Cap is null).ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"≥ {bits,3} bits: {over.Count(j => j.Pair.IsSame),6} right {over.Count(j => !j.Pair.IsSame),5} wrong"));
        }

        foreach (var group in judged.GroupBy(j => (j.Pair.IsSame, j.Pair.Case)).OrderBy(g => g.Key))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(group.Key.IsSame ? "same " : "two  ")}{group.Key.Case,-42} {group.Count(),5}: linked {group.Count(j => j.Judgement.Grade == Grade.Link),5} asked {group.Count(j => j.Judgement.Grade == Grade.Ask),4} apart {group.Count(j => j.Judgement.Grade == Grade.Apart),5}"));
            foreach (var (pair, judgement) in group.Where(j => (j.Judgement.Grade == Grade.Link) != j.Pair.IsSame).Take(2))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      {judgement.Bits:0.0} {judgement.Against} {judgement.Cap} {string.Join(' ', judgement.Contributions.Select(c => $"{c.Field}:{Level.NameOf(c.Field, c.Level)}={c.Bits:0.0}"))}\n      {pair.First}\n      {pair.Second}"));
            }
        }
    }
}
