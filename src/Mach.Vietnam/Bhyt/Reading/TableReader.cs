using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Reads the rows of one inner document by the names of a shape, in whatever order they come.</summary>
internal readonly ref struct TableReader(BhytTable shape, DossierTable table, int dossier, List<Finding> findings)
{
    private const int MaxFieldNameChars = 64;

    /// <exception cref="XmlSyntaxException">Not well formed.</exception>
    public void Read(ReadOnlySpan<byte> document)
    {
        var xml = new Utf8Xml(document);
        while (xml.Read() != XmlNode.Start)
        {
            // Utf8Xml itself throws when there is no root.
        }

        if (shape.Row is null)
        {
            ReadSingle(ref xml);
        }
        else
        {
            ReadRows(ref xml);
        }

        while (xml.Read() != XmlNode.Eof)
        {
            // To the end, so that what follows the root is checked too.
        }
    }

    /// <summary>Fields straight under the root: one row, or none when the root is empty.</summary>
    private void ReadSingle(ref Utf8Xml xml)
    {
        var row = new DossierRow(shape, table.Rows.Count + 1);
        if (ReadFields(ref xml, row))
        {
            table.Rows.Add(row);
        }
    }

    /// <summary>Rows under a list, or straight under the root, or under several lists.</summary>
    private void ReadRows(ref Utf8Xml xml)
    {
        var depth = xml.Depth;
        while (xml.Read() is var node && !(node == XmlNode.End && xml.Depth < depth))
        {
            if (node != XmlNode.Start)
            {
                continue;
            }

            if (Is(xml.Name, shape.Row!))
            {
                var row = new DossierRow(shape, table.Rows.Count + 1);
                ReadFields(ref xml, row);
                table.Rows.Add(row);
            }
            else if (Is(xml.Name, shape.List!))
            {
                ReadRows(ref xml);
            }
            else
            {
                var name = System.Text.Encoding.UTF8.GetString(xml.Name);
                var value = ElementText.Read(ref xml);
                (table.Unknown ??= []).Add(new(name, value));
                findings.Add(Oddities.OutsideRows(dossier, table.Name, name, value));
            }
        }
    }

    /// <summary>False when the element had no fields at all.</summary>
    private bool ReadFields(ref Utf8Xml xml, DossierRow row)
    {
        var depth = xml.Depth;
        var any = false;
        var next = 0;
        while (xml.Read() is var node && !(node == XmlNode.End && xml.Depth < depth))
        {
            if (node != XmlNode.Start)
            {
                continue;
            }

            any = true;
            var index = Find(xml.Name, next);
            if (index >= 0 && row[index] is null)
            {
                row[index] = ElementText.Read(ref xml);
                next = index + 1;
                continue;
            }

            var name = index >= 0 ? shape.Fields[index].Name : System.Text.Encoding.UTF8.GetString(xml.Name);
            var value = ElementText.Read(ref xml);
            (row.Unknown ??= []).Add(new(name, value));
            findings.Add(index >= 0
                ? Oddities.Repeated(dossier, table.Name, row.Position, name, value)
                : Oddities.Unknown(dossier, table.Name, row.Position, name, value));
        }

        return any;
    }

    /// <summary>Place of a field; most documents have them in order, so the next one is tried first. Lower-case names are taken too.</summary>
    private int Find(ReadOnlySpan<byte> name, int next)
    {
        if (next < shape.Fields.Count && System.Text.Ascii.Equals(name, shape.Fields[next].Name))
        {
            return next;
        }

        if (name.Length > MaxFieldNameChars)
        {
            return -1;
        }

        Span<char> chars = stackalloc char[MaxFieldNameChars];
        if (System.Text.Ascii.ToUtf16(name, chars, out var length) != System.Buffers.OperationStatus.Done)
        {
            return -1;
        }

        var index = shape.IndexOf(chars[..length]);
        if (index >= 0)
        {
            return index;
        }

        System.Text.Ascii.ToUpperInPlace(chars[..length], out _);
        return shape.IndexOf(chars[..length]);
    }

    private static bool Is(ReadOnlySpan<byte> name, string expected) => System.Text.Ascii.EqualsIgnoreCase(name, expected);
}
