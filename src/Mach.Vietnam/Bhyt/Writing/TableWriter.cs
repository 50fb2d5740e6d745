namespace Mach.Vietnam.Bhyt.Writing;

/// <summary>Writes one inner document: fields in the order of the decision, what is not defined after them.</summary>
internal static class TableWriter
{
    public static void Write(XmlOutput xml, DossierTable table, IReadOnlyList<DossierRow> rows)
    {
        var shape = table.Definition ?? throw new ArgumentException($"{table.Name} has no definition to write it by.", nameof(table));
        xml.Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"u8);
        xml.Start(shape.Root);
        if (shape.Row is null)
        {
            foreach (var row in rows)
            {
                WriteFields(xml, row);
            }
        }
        else
        {
            xml.Start(shape.List!);
            foreach (var row in rows)
            {
                xml.Start(shape.Row);
                WriteFields(xml, row);
                xml.End(shape.Row);
            }

            xml.End(shape.List!);
        }

        foreach (var (name, value) in table.Unknown ?? [])
        {
            xml.Element(name, value);
        }

        xml.End(shape.Root);
    }

    private static void WriteFields(XmlOutput xml, DossierRow row)
    {
        var fields = row.Table.Fields;
        for (var i = 0; i < fields.Count; i++)
        {
            if (row[i] is { } value)
            {
                xml.Element(fields[i].Name, value);
            }
        }

        foreach (var (name, value) in row.Unknown ?? [])
        {
            xml.Element(name, value);
        }
    }
}
