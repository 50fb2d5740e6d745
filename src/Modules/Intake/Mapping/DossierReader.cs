using System.Globalization;
using System.Text.Json;
using Mach.Intake.Mapping.Tables;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping;

/// <summary>Puts a dossier together again: the DocumentReference says which rows there were, every other resource fills its row.</summary>
internal sealed class DossierReader
{
    private const int PrefixLength = 16;

    private static readonly JsonEncodedText s_manifest = JsonEncodedText.Encode(DocumentTemplate.ManifestUrl);

    private readonly Dictionary<(string Table, int Row), RowReader> _rows = [];
    private readonly Dictionary<string, (string? Code, string? Words)> _diagnoses = new(StringComparer.Ordinal);
    private readonly SortedList<int, string?[]> _cards = [];
    private readonly Dossier _dossier;

    private DossierReader(JsonElement document)
    {
        var source = Source(document) ?? throw new FormatException("The DocumentReference has no dossier in meta.source.");
        _dossier = new Dossier { FacilityCode = source.Facility, MaLk = source.MaLk };
        var manifest = RowExtension.Find(document, s_manifest) ?? throw new FormatException("The DocumentReference does not list the tables of the dossier.");
        foreach (var part in manifest.GetProperty("extension").EnumerateArray())
        {
            if (part.GetProperty("url").ValueEquals("table"u8))
            {
                AddTable(part.GetProperty("valueString").GetString()!);
            }
            else
            {
                _dossier.Tables.Add(new DossierTable { Name = Part(part, "name") ?? "", Raw = Part(part, "content") ?? "" });
            }
        }
    }

    public static Dossier Read(IReadOnlyList<ReadOnlyMemory<byte>> resources)
    {
        var documents = new List<JsonDocument>(resources.Count);
        try
        {
            foreach (var resource in resources)
            {
                documents.Add(JsonDocument.Parse(resource));
            }

            var document = documents.Find(d => KindOf(Id(d.RootElement)) == DocumentTemplate.Kind)
                ?? throw new FormatException("The dossier's DocumentReference is missing.");
            var reader = new DossierReader(document.RootElement);
            foreach (var one in documents)
            {
                reader.Take(one.RootElement);
            }

            return reader.Finish(documents);
        }
        finally
        {
            documents.ForEach(d => d.Dispose());
        }
    }

    private void AddTable(string entry)
    {
        var parts = entry.Split('|');
        var from = DateOnly.ParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var shape = BhytTables.All.FirstOrDefault(t => t.Name == parts[0] && t.EffectiveFrom == from)
            ?? throw new FormatException($"Table {parts[0]} of {parts[1]} is not defined.");
        var table = new DossierTable { Name = shape.Name, Definition = shape };
        var map = TableMaps.For(shape);
        var rows = int.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture);
        for (var i = 1; i <= rows; i++)
        {
            var row = new DossierRow(shape, i);
            table.Rows.Add(row);
            _rows[(shape.Name, i)] = new RowReader(map, row, i);
        }

        _dossier.Tables.Add(table);
    }

    private void Take(JsonElement resource)
    {
        var id = Id(resource);
        if (Source(resource) is not { Table: { } table } source || !_rows.TryGetValue((table, source.Row), out var row))
        {
            return;
        }

        switch (KindOf(id))
        {
            case DiagnosisList.OtherKind:
                _diagnoses[id] = DiagnosisTemplate.Read(resource);
                break;
            case DiagnosisList.MainKind:
                _diagnoses[id] = (null, DiagnosisTemplate.Read(resource).Words);
                row.Map.Find(DiagnosisList.MainKind)?.Read(resource, row);
                break;
            case CoverageList.Kind when resource.TryGetProperty("subscriberId", out _):
                _cards[resource.GetProperty("order").GetInt32()] = CoverageList.Read(resource);
                break;
            case ClaimTemplate.Kind:
                row.Map.Find(ClaimTemplate.Kind)?.Read(resource, row);
                TakeItems(resource);
                break;
            case var kind:
                row.Map.Find(kind)?.Read(resource, row);
                break;
        }
    }

    private void TakeItems(JsonElement claim)
    {
        if (!claim.TryGetProperty("item", out var items))
        {
            return;
        }

        foreach (var item in items.EnumerateArray())
        {
            var name = item.GetProperty("id").GetString()!;
            var dash = name.IndexOf('-', StringComparison.Ordinal);
            if (_rows.TryGetValue((name[..dash], int.Parse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture)), out var row))
            {
                var fragment = row.Map is ServiceMap services ? services.ItemOf(Group(item)) : row.Map.Find("item");
                fragment?.Read(item, row);
            }
        }
    }

    private Dossier Finish(List<JsonDocument> documents)
    {
        var summary = _dossier[_dossier.IsCheckIn ? "XML0" : "XML1"]!;
        var first = _rows[(summary.Name, 1)];
        for (var f = 0; f < CoverageList.Fields.Length; f++)
        {
            if (_cards.Values.Any(c => c[f] is not null))
            {
                first.Native(CoverageList.Fields[f], string.Join(';', _cards.Values.Select(c => c[f])));
            }
        }

        if (_diagnoses.Count > 0)
        {
            ReadDiagnoses(documents, first);
        }

        first.Finish(_dossier.MaLk, _dossier.FacilityCode, first.Row);
        foreach (var row in _rows.Values)
        {
            if (row != first)
            {
                row.Finish(_dossier.MaLk, _dossier.FacilityCode, first.Row);
            }
        }

        return _dossier;
    }

    private void ReadDiagnoses(List<JsonDocument> documents, RowReader row)
    {
        var encounter = documents.Find(d => Id(d.RootElement).Length == PrefixLength) ?? throw new FormatException("The dossier's Encounter is missing.");
        var inOrder = encounter.RootElement.GetProperty("diagnosis").EnumerateArray()
            .Select(d => d.GetProperty("condition").GetProperty("reference").GetString()!["Condition/".Length..])
            .Where(_diagnoses.ContainsKey).Select(id => _diagnoses[id]).ToList();
        if (inOrder.Exists(d => d.Code is not null))
        {
            row.Native(DiagnosisList.Codes, DiagnosisList.JoinCodes(inOrder.Where(d => d.Code is not null).Select(d => d.Code!)));
        }

        if (inOrder.Exists(d => d.Words is not null))
        {
            row.Native(DiagnosisList.Words, DiagnosisList.JoinWords(inOrder.Where(d => d.Words is not null).Select(d => d.Words!)));
        }
    }

    private static string Id(JsonElement resource) => resource.TryGetProperty("id", out var id) ? id.GetString() ?? "" : "";

    /// <summary>What stands between the episode's prefix and the row's name; <c>enc</c> for the Encounter.</summary>
    private static string KindOf(string id)
    {
        if (id.Length <= PrefixLength + 1)
        {
            return "enc";
        }

        var end = id.IndexOf('-', PrefixLength + 1);
        return end < 0 ? id[(PrefixLength + 1)..] : id[(PrefixLength + 1)..end];
    }

    private static DossierUri? Source(JsonElement resource) =>
        resource.TryGetProperty("meta", out var meta) && meta.TryGetProperty("source", out var source)
        && DossierUri.TryParse(source.GetString(), out var uri) ? uri : null;

    private static string? Group(JsonElement item) =>
        item.TryGetProperty("category", out var category) && category.TryGetProperty("coding", out var codings) ? codings[0].GetProperty("code").GetString() : null;

    private static string? Part(JsonElement parent, string name)
    {
        foreach (var part in parent.GetProperty("extension").EnumerateArray())
        {
            if (part.GetProperty("url").ValueEquals(name))
            {
                return part.GetProperty("valueString").GetString();
            }
        }

        return null;
    }
}
