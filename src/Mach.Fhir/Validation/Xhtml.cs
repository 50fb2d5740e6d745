using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml;

namespace Mach.Fhir.Validation;

/// <summary>The XHTML of a narrative: a div with formatting only, no script, no form, nothing from outside but pictures.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/narrative.html#xhtml, rules txt-1 and txt-2; the names are those of the XPath of txt-1.</remarks>
internal static partial class Xhtml
{
    private const string Namespace = "http://www.w3.org/1999/xhtml";

    private static readonly FrozenSet<string> Elements = FrozenSet.Create(
        StringComparer.Ordinal,
        "a", "abbr", "acronym", "b", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "dfn", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "q", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "ul", "var");

    private static readonly FrozenSet<string> Attributes = FrozenSet.Create(
        StringComparer.Ordinal,
        "abbr", "accesskey", "align", "alt", "axis", "bgcolor", "border", "cellhalign", "cellpadding", "cellspacing", "cellvalign", "char", "charoff", "charset", "cite", "class", "colspan", "compact", "coords", "dir", "frame", "headers", "height", "href", "hreflang", "hspace", "id", "lang", "longdesc", "name", "nowrap", "rel", "rev", "rowspan", "rules", "scope", "shape", "span", "src", "start", "style", "summary", "tabindex", "title", "type", "valign", "value", "vspace", "width", "xml:lang");

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Document };

    /// <summary>What is wrong with the text as a whole, the first name that is not allowed, and whether there is something to read or see.</summary>
    public static (string? Malformed, string? NotAllowed, bool HasContent) Check(string div)
    {
        string? notAllowed = null;
        var hasContent = false;
        try
        {
            using var reader = XmlReader.Create(new StringReader(Entities().Replace(div, Plain)), Settings);
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    if (reader.Depth == 0 && (reader.LocalName != "div" || reader.NamespaceURI != Namespace))
                    {
                        return ("A narrative is a div in the namespace of XHTML.", null, true);
                    }

                    hasContent |= reader.LocalName == "img" && reader.GetAttribute("src") is { Length: > 0 };
                    notAllowed ??= NotAllowed(reader);
                }

                hasContent |= reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && !string.IsNullOrWhiteSpace(reader.Value);
            }
        }
        catch (XmlException)
        {
            return ("The narrative is not well-formed XHTML.", null, true);
        }

        return (null, notAllowed, hasContent);
    }

    private static string? NotAllowed(XmlReader reader)
    {
        if (reader.NamespaceURI != Namespace || !Elements.Contains(reader.LocalName))
        {
            return "the element " + reader.Name;
        }

        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            var isDeclaration = reader.Name == "xmlns" || reader.Prefix == "xmlns";
            if (!isDeclaration && (!Attributes.Contains(reader.Name) || IsScript(reader.Value)))
            {
                var name = reader.Name;
                reader.MoveToElement();
                return "the attribute " + name;
            }
        }

        reader.MoveToElement();
        return null;
    }

    /// <summary>As a browser reads an address: without blanks and control characters before it, and without tabs and line ends in it (WHATWG URL §4.4).</summary>
    private static bool IsScript(string value)
    {
        var address = string.Concat(value.Where(c => c > ' '));
        return address.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || address.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase) || address.StartsWith("data:text/html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>XML knows five entities; the others of XHTML are written as the character they mean.</summary>
    private static string Plain(Match entity) =>
        entity.Value is "&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;" ? entity.Value : WebUtility.HtmlDecode(entity.Value);

    [GeneratedRegex("&[A-Za-z][A-Za-z0-9]*;")]
    private static partial Regex Entities();
}
