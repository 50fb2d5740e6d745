using System.Text.Json;
using Mach.Contracts.People;
using Mach.People.Index;
using Mach.People.Labels;
using Mach.People.Pairs;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.People.Golden;

/// <summary>
/// Finds out where each value of a person comes from: what the kept dossiers state, and for everything else the version of the Patient in which it first stood, with who wrote it.
/// Nothing is guessed: a value that neither explains has no source.
/// </summary>
internal sealed class IdentityReader(RecordStore store, IPersonLinks links, IEnumerable<IPersonStatements> kept, PairTable pairs, MarkTable marks)
{
    private const int MostDossiers = 200, MostVersions = 200, MostCovers = 60;

    private sealed record Stated(string Field, string Text, ValueSource Source);

    /// <summary>Null when there is no such Patient.</summary>
    public async Task<Identity?> ReadAsync(string id, CancellationToken ct)
    {
        if (await store.ReadAsync("Patient", id, ct) is not { IsDeleted: false } head)
        {
            return null;
        }

        var ids = await links.LinkedAsync(id, ct);
        var stated = new List<Stated>();
        foreach (var source in kept)
        {
            stated.AddRange((await source.OfAsync(ids, MostDossiers, ct)).SelectMany(Read));
        }

        foreach (var patient in ids)
        {
            stated.AddRange(await HistoryAsync(patient, ct));
        }

        var said = await marks.OfAsync(ids, ct);
        var values = StatedValues.Of(head.Body);
        var death = values.FirstOrDefault(v => v.Field == "deceased").Text;
        return new Identity
        {
            Id = id,
            Name = values.FirstOrDefault(v => v.Field == "name").Text ?? id,
            Labels = PersonLabel.Read(head.Body),
            Fields = [.. StatedValues.Fields.Select(field => Field(field, values, stated)).Where(f => f.Values.Count + f.Others.Count > 0)],
            Covers = await CoversAsync(ids, ct),
            Links = await LinksAsync(id, ids, ct),
            Marks = said,
            IsDeceased = death is not null and not "false",
            WasCorrected = death == "false" && said.LastOrDefault(m => m.Patient == id && m.Mark is Labels.Marks.Alive or Labels.Marks.Dead) is { Mark: Labels.Marks.Alive },
        };
    }

    private static IdentityField Field(string field, IReadOnlyList<(string Field, string Text, bool Disputed)> values, List<Stated> stated)
    {
        var byKey = stated.Where(s => s.Field == field).GroupBy(s => StatedValues.KeyOf(s.Text)).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var golden = values.Where(v => v.Field == field).DistinctBy(v => StatedValues.KeyOf(v.Text)).ToList();
        var others = byKey.Where(g => !golden.Exists(v => StatedValues.KeyOf(v.Text) == g.Key)).Select(g => new StatedValue(g.Value[0].Text, Sorted(g.Value)));
        return new IdentityField(
            field,
            [.. golden.Select(v => new StatedValue(v.Text, Sorted(byKey.GetValueOrDefault(StatedValues.KeyOf(v.Text)) ?? []), v.Disputed))],
            [.. others.OrderByDescending(o => o.Sources[0].At)]);
    }

    /// <summary>The newest first; each dossier once, and with the day of its visit where that is known.</summary>
    private static List<ValueSource> Sorted(List<Stated> stated) =>
        [.. stated.Select(s => s.Source).OrderByDescending(s => s.StatedFor?.Low ?? (s.Kind == SourceKind.Dossier ? DateTimeOffset.MinValue : s.At)).DistinctBy(s => s.Kind == SourceKind.Dossier ? $"{s.Facility} {s.MaLk}" : $"{s.Who} {s.Patient} {s.At:O}")];

    private static IEnumerable<Stated> Read(PersonStatement statement)
    {
        var source = new ValueSource(SourceKind.Dossier, statement.Claim.Facility, statement.Claim.MaLk, statement.Account, statement.Claim.AsOf, statement.TakenAt, statement.PatientId);
        return StatedValues.Of(statement.Claim).Select(v => new Stated(v.Field, v.Text, source));
    }

    /// <summary>What first stood in which version. Of a history that is longer than what is read, the oldest version read says nothing: its values may be older.</summary>
    private async Task<List<Stated>> HistoryAsync(string patient, CancellationToken ct)
    {
        var versions = (await store.HistoryAsync("Patient", patient, MostVersions, null, ct)).Reverse().ToList();
        var written = await store.TogetherAsync([.. versions.Select(v => v.Seq)], "Encounter", ct);
        var stated = new List<Stated>();
        var before = new HashSet<(string, string)>();
        foreach (var version in versions)
        {
            if (version.IsDeleted)
            {
                before.Clear();
                continue;
            }

            var now = StatedValues.Of(version.Body).Select(v => (v.Field, v.Text, Key: (v.Field, StatedValues.KeyOf(v.Text)))).ToList();
            if (version != versions[0] || version.Version == 1)
            {
                var source = SourceOf(version, written.GetValueOrDefault(version.Seq));
                stated.AddRange(now.Where(v => !before.Contains(v.Key)).Select(v => new Stated(v.Field, v.Text, source)));
            }

            before = [.. now.Select(v => v.Key)];
        }

        return stated;
    }

    private static ValueSource SourceOf(StoredResource version, WrittenTogether? together)
    {
        var dossier = together?.Beside.Select(e => DossierUri.TryParse(MetaSource(e.Body), out var uri) ? uri : null).FirstOrDefault(u => u is not null);
        var kind = dossier is not null ? SourceKind.Dossier : version.Version == 1 && MetaSource(version.Body) == Systems.Own + "/desk" ? SourceKind.Desk : SourceKind.Written;
        return new ValueSource(kind, dossier?.Facility, dossier?.MaLk, together?.Actor ?? "?", null, version.LastUpdated, version.Id);
    }

    private async Task<IReadOnlyList<CoverLine>> CoversAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var lines = new List<CoverLine>();
        foreach (var coverage in (await store.CompartmentAsync(ids, "Coverage", MostCovers, null, ct)).Matches)
        {
            using var json = JsonDocument.Parse(coverage.Body);
            if (Text(json.RootElement, "subscriberId") is { } number)
            {
                var period = json.RootElement.TryGetProperty("period", out var p) ? p : default;
                lines.Add(new CoverLine(number, Text(period, "start"), Text(period, "end"), MetaSource(coverage.Body)));
            }
        }

        // The newest visit comes first, and with it who stated the card last.
        return [.. lines.DistinctBy(l => (l.Number, l.From, l.To)).OrderByDescending(l => l.To, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<LinkedRecord>> LinksAsync(string id, IReadOnlyList<string> ids, CancellationToken ct)
    {
        var decided = (await pairs.OfAsync(ids, ct)).Where(p => p.State == PairRow.Same && ids.Contains(p.PatientA) && ids.Contains(p.PatientB)).ToList();
        var linked = new List<LinkedRecord>();
        foreach (var other in await store.ReadManyAsync([.. ids.Where(i => i != id).Select(i => ("Patient", i))], ct))
        {
            var of = decided.Where(p => p.PatientA == other.Id || p.PatientB == other.Id).ToList();
            var pair = of.Find(p => p.Other(other.Id) == id) ?? of.FirstOrDefault();
            var name = PatientView.Read(other.Body).Name;
            linked.Add(new LinkedRecord(other.Id, name.Length > 0 ? name : other.Id, pair, pair is null ? [] : await pairs.VerdictsAsync(pair.PatientA, pair.PatientB, ct)));
        }

        return linked;
    }

    private static string? MetaSource(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("meta", out var meta) ? Text(meta, "source") : null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
