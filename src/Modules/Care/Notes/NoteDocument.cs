using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mach.Care.Writing;
using Mach.Kernel;

namespace Mach.Care.Notes;

/// <summary>A signed note as a FHIR Composition, and back. Source: http://hl7.org/fhir/R4/composition.html.</summary>
internal static class NoteDocument
{
    private const string Loinc = "http://loinc.org";
    private const string Xhtml = "http://www.w3.org/1999/xhtml";

    /// <param name="draft">Its version says whether this is the first text or a correction.</param>
    /// <param name="labels">What makes it delicate.</param>
    public static JsonObject ToComposition(Draft draft, NoteText text, Writer writer, DataLabels labels, DateTimeOffset now)
    {
        var template = NoteTemplate.Of(draft.Template);
        var body = new JsonObject { ["resourceType"] = "Composition", ["id"] = draft.Id };
        Parts.Put(body, "meta", Parts.Meta(writer, null, labels));
        body["language"] = "vi";
        body["status"] = draft.Version == 0 ? "final" : "amended";
        body["type"] = Parts.Concept(Loinc, template.Loinc, template.Vietnamese, template.LoincName);
        body["subject"] = Parts.Reference("Patient", draft.Patient);
        if (draft.Encounter is { } visit)
        {
            body["encounter"] = Parts.Reference("Encounter", visit);
        }

        body["date"] = Parts.Stamp(now);
        body["author"] = new JsonArray(writer.ToReference());
        body["title"] = template.Vietnamese;
        body["attester"] = new JsonArray(new JsonObject { ["mode"] = "professional", ["time"] = Parts.Stamp(now), ["party"] = writer.ToReference() });
        if (writer.Organization() is { } facility)
        {
            body["custodian"] = facility;
        }

        body["section"] = new JsonArray([.. template.Sections.Where(s => !string.IsNullOrWhiteSpace(text[s.Key])).Select(s => Section(s, text[s.Key]))]);
        return body;
    }

    /// <summary>The sections of a Composition as text; those that are none of ours by their title.</summary>
    public static IReadOnlyList<(string? Key, string Title, string Text)> Read(JsonObject composition) =>
        [.. (composition["section"] as JsonArray ?? []).OfType<JsonObject>().Select(s =>
        {
            var known = NoteSection.ByLoinc(Parts.Text(s, "code", "coding", 0, "code"));
            return (known?.Key, known?.Name ?? Parts.Text(s, "title") ?? "", Plain(Parts.Text(s, "text", "div")));
        })];

    /// <summary>What a correction of it begins from.</summary>
    public static NoteText TextOf(JsonObject composition) =>
        new(Read(composition).Where(s => s.Key is not null).GroupBy(s => s.Key!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join('\n', g.Select(s => s.Text)), StringComparer.Ordinal));

    private static JsonObject Section(NoteSection section, string text) => new()
    {
        ["title"] = section.Vietnamese,
        ["code"] = Parts.Concept(Loinc, section.Loinc),
        ["text"] = new JsonObject { ["status"] = "additional", ["div"] = $"<div xmlns=\"{Xhtml}\"><p>{string.Join("<br/>", VietnameseText.Compose(text).TrimEnd().Split('\n').Select(Escape))}</p></div>" },
    };

    private static string Escape(string line) => line.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>The text of a narrative: a line for each break or paragraph, no markup.</summary>
    private static string Plain(string? div)
    {
        if (div is null)
        {
            return "";
        }

        var text = new StringBuilder(div.Length);
        for (var at = 0; at < div.Length;)
        {
            var open = div.IndexOf('<', at);
            text.Append(WebUtility.HtmlDecode(div[at..(open < 0 ? div.Length : open)]));
            var close = open < 0 ? -1 : div.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            var tag = div[(open + 1)..close].Trim();
            if (tag.StartsWith("br", StringComparison.OrdinalIgnoreCase) || tag is "/p" or "/li" or "/tr")
            {
                text.Append('\n');
            }

            at = close + 1;
        }

        return text.ToString().TrimEnd('\n');
    }
}
