using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Puts the tables of one dossier together and refuses what would land under the wrong person or facility.</summary>
internal sealed class DossierBuilder(int position, List<Finding> findings)
{
    private readonly List<(string Name, ReadOnlyMemory<byte> Document, BhytTable? Shape, string? Raw)> _files = [];

    /// <summary>The key of the summary once it is read; "" before.</summary>
    public string MaLk { get; private set; } = "";

    /// <summary>Decides which table a file is: by LOAIHOSO, unless the document's root says plainly that it is another.</summary>
    /// <exception cref="DossierException">The content of a defined table cannot be decoded.</exception>
    public void Open(DossierFile file)
    {
        var shape = BhytTables.Find(file.Kind);
        if (file.Base64 is not null)
        {
            if (shape is not null || file.Kind.Length == 0)
            {
                throw Refusals.BadBase64(position, file.Kind.Length == 0 ? "LOAIHOSO ?" : file.Kind, file.Base64);
            }

            Keep(file.Kind, file.Base64);
            return;
        }

        if (file.Document.IsEmpty)
        {
            return;
        }

        var byRoot = ByRoot(file.Document.Span);
        if (byRoot is not null && byRoot.Name != file.Kind)
        {
            findings.Add(Oddities.KindFromRoot(position, file.Kind, byRoot.Name));
            shape = byRoot;
        }

        if (shape is null)
        {
            KeepText(file);
            return;
        }

        _files.Add((shape.Name, file.Document, shape, null));
    }

    /// <param name="envelopeFacility">MACSKCB of the envelope, trimmed.</param>
    public Dossier Build(string envelopeFacility)
    {
        var tables = new List<DossierTable>(_files.Count);
        ReadAll("XML1", null, tables);
        var summaryName = tables.Count > 0 ? "XML1" : "XML0";
        if (tables.Count == 0)
        {
            if (_files.Exists(f => f.Name != "XML0"))
            {
                throw Refusals.NoSummary(position);
            }

            ReadAll("XML0", null, tables);
        }

        var summary = tables.Count == 0 || tables[0].Rows.Count == 0 ? throw Refusals.NoSummary(position)
            : tables[0].Rows.Count > 1 && summaryName == "XML1" ? throw Refusals.SeveralSummaries(position)
            : tables[0].Rows[0];
        MaLk = summary.Get("MA_LK") ?? throw Refusals.NoKey(position, summaryName);
        var dossier = new Dossier
        {
            Position = position,
            MaLk = MaLk,
            FacilityCode = Facility(summary, summaryName, envelopeFacility),
        };
        ReadInOrder(dossier, tables[0], Day(summary));
        RequireOneKey(dossier);
        dossier.Findings.AddRange(findings);
        return dossier;
    }

    private static DateOnly? Day(DossierRow summary) =>
        PartialDate.TryParseDigits(summary["NGAY_RA"], out var left) ? left.Date
        : PartialDate.TryParseDigits(summary["NGAY_VAO"], out var came) ? came.Date
        : null;

    /// <summary>All tables in received order, in the shapes of the day; files of the same kind become one table.</summary>
    private void ReadInOrder(Dossier dossier, DossierTable summary, DateOnly? day)
    {
        var shape = BhytTables.Find(summary.Name, day)!;
        if (shape != summary.Definition)
        {
            var rows = summary.Rows.ConvertAll(r => r.In(shape));
            summary = new DossierTable { Name = summary.Name, Definition = shape, Unknown = summary.Unknown };
            summary.Rows.AddRange(rows);
        }

        foreach (var (name, _, defined, raw) in _files)
        {
            if (defined is null)
            {
                dossier.Tables.Add(new DossierTable { Name = name, Raw = raw });
            }
            else if (dossier[name] is null)
            {
                if (name == summary.Name)
                {
                    dossier.Tables.Add(summary);
                }
                else
                {
                    ReadAll(name, day, dossier.Tables);
                }
            }
        }
    }

    /// <summary>Reads every file of one kind into one table. Where two shapes have different fields, the one that knows more of what was sent is right; the day decides a tie.</summary>
    private void ReadAll(string name, DateOnly? day, List<DossierTable> tables)
    {
        if (!_files.Exists(f => f.Name == name && f.Shape is not null))
        {
            return;
        }

        var wanted = BhytTables.Find(name, day)!;
        var best = Read(name, wanted, out var odd);
        foreach (var other in BhytTables.ShapesOf(name))
        {
            if (odd.Count > 0 && other.Fields.Count != wanted.Fields.Count && Read(name, other, out var otherOdd) is var table && otherOdd.Count < odd.Count)
            {
                (best, odd) = (table, otherOdd);
            }
        }

        findings.AddRange(odd);
        tables.Add(best);
    }

    private DossierTable Read(string name, BhytTable shape, out List<Finding> odd)
    {
        odd = [];
        var table = new DossierTable { Name = name, Definition = shape };
        foreach (var file in _files)
        {
            if (file.Name != name || file.Shape is null)
            {
                continue;
            }

            var document = file.Document.Span;
            try
            {
                document = Utf.ToUtf8(document);
                new TableReader(shape, table, position, odd).Read(document);
            }
            catch (XmlSyntaxException e)
            {
                throw Refusals.BadTable(position, name, e, e.Locate(document));
            }
        }

        return table;
    }

    private string Facility(DossierRow summary, string table, string envelope)
    {
        var own = summary.Get("MA_CSKCB") ?? "";
        return own.Length > 0 && envelope.Length > 0 && own != envelope ? throw Refusals.FacilityDiffers(position, table, envelope, own)
            : own.Length > 0 ? own
            : envelope.Length > 0 ? envelope
            : throw Refusals.NoFacility(position, table);
    }

    private void RequireOneKey(Dossier dossier)
    {
        List<string>? tables = null;
        var other = "";
        foreach (var table in dossier.Tables)
        {
            foreach (var row in table.Rows)
            {
                if (row.Get("MA_LK") is { } key && key != dossier.MaLk)
                {
                    (tables ??= []).Add(table.Name);
                    other = key;
                    break;
                }
            }
        }

        if (tables is not null)
        {
            throw Refusals.KeyDiffers(position, dossier.MaLk, string.Join(", ", tables), other);
        }
    }

    private void Keep(string kind, string text)
    {
        findings.Add(Oddities.Undefined(position, kind));
        _files.Add((kind, default, null, text));
    }

    private void KeepText(DossierFile file)
    {
        try
        {
            Keep(file.Kind, XmlText.ToString(Utf.ToUtf8(file.Document.Span), 0));
        }
        catch (XmlSyntaxException)
        {
            // Not text at all (an attachment): its base64 is what can be kept.
            Keep(file.Kind, Convert.ToBase64String(file.Document.Span));
        }
    }

    private static BhytTable? ByRoot(ReadOnlySpan<byte> document)
    {
        try
        {
            var xml = new Utf8Xml(Utf.ToUtf8(document));
            while (xml.Read() != XmlNode.Start)
            {
                // Declarations and comments before the root.
            }

            return TableRoots.Find(xml.Name);
        }
        catch (XmlSyntaxException)
        {
            return null; // told when the table is read
        }
    }
}
