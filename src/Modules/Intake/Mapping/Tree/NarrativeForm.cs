using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Mach.Intake.Mapping.Tree;

/// <summary>Free text as the XHTML of a narrative; a line break is <c>&lt;br/&gt;</c>. One to one, so it reads back exactly.</summary>
internal sealed class NarrativeForm : Transform
{
    private const string Start = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
    private const string End = "</div>";

    private static readonly SearchValues<char> s_marked = SearchValues.Create("&<>\n\r");

    public override string Vi => "nguyên văn trong XHTML";
    public override string En => "as sent, in XHTML";

    public override bool Write(Pen pen, JsonEncodedText name, string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return false;
        }

        pen.String(name, Mark(value));
        return true;
    }

    public override string? Read(JsonElement element)
    {
        if (Text(element) is not { } text || !text.StartsWith(Start, StringComparison.Ordinal) || !text.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        return text[Start.Length..^End.Length]
            .Replace("<br/>", "\n", StringComparison.Ordinal).Replace("&#xD;", "\r", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    private static string Mark(string value)
    {
        if (!value.AsSpan().ContainsAny(s_marked))
        {
            return Start + value + End;
        }

        var text = new StringBuilder(value.Length + 64).Append(Start);
        foreach (var c in value)
        {
            _ = c switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '\n' => text.Append("<br/>"),
                '\r' => text.Append("&#xD;"),
                _ => text.Append(c),
            };
        }

        return text.Append(End).ToString();
    }
}
