using System.Text;
using System.Text.Json;

namespace Mach.FhirApi.Bodies;

/// <summary>
/// What the server sets in a resource before it is stored: the id goes in, and meta.versionId and meta.lastUpdated, which are the server's to say, go out.
/// It undoes exactly what reading puts in, so that sending back what was read is no change.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#create, #update: id, versionId and lastUpdated of the body are ignored.</remarks>
internal static class ResourceSplice
{
    /// <param name="body">Valid JSON of an object with resourceType.</param>
    public static void Collect(ReadOnlySpan<byte> body, string id, Edits edits)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        var (insertAt, hasId, last) = (0, false, -1);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = (int)reader.TokenStartIndex;
            var (isType, isId, isMeta) = (reader.ValueTextEquals("resourceType"u8), reader.ValueTextEquals("id"u8), reader.ValueTextEquals("meta"u8));
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            if (isMeta && reader.TokenType == JsonTokenType.StartObject)
            {
                CollectMeta(ref reader, body, (name, last), edits);
            }
            else
            {
                reader.Skip();
            }

            last = (int)reader.BytesConsumed;
            if (isType)
            {
                insertAt = last;
            }
            else if (isId)
            {
                hasId = true;
                if (!body[value..last].SequenceEqual(Encoding.UTF8.GetBytes($"\"{id}\"")))
                {
                    edits.Replace(value, last, Encoding.UTF8.GetBytes($"\"{id}\""));
                }
            }
        }

        if (!hasId)
        {
            edits.Insert(insertAt, Encoding.UTF8.GetBytes($",\"id\":\"{id}\""));
        }
    }

    // The reader stands on the brace of meta and is left on its end.
    private static void CollectMeta(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, (int Start, int LastEnd) property, Edits edits)
    {
        var members = new List<(int Start, int End, bool Ours)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var ours = reader.ValueTextEquals("versionId"u8) || reader.ValueTextEquals("lastUpdated"u8);
            reader.Read();
            reader.Skip();
            members.Add((start, (int)reader.BytesConsumed, ours));
        }

        if (members.TrueForAll(m => !m.Ours))
        {
            return;
        }

        if (members.TrueForAll(m => m.Ours))
        {
            var end = (int)reader.BytesConsumed;
            if (property.LastEnd >= 0)
            {
                edits.Remove(property.LastEnd, end);
            }
            else
            {
                // The first property goes with the comma after it; resourceType is one that follows.
                edits.Remove(property.Start, end + body[end..].IndexOf((byte)',') + 1);
            }

            return;
        }

        var kept = false;
        for (var i = 0; i < members.Count; i++)
        {
            if (!members[i].Ours)
            {
                kept = true;
            }
            else if (kept)
            {
                edits.Remove(members[i - 1].End, members[i].End);
            }
            else
            {
                edits.Remove(members[i].Start, members[i + 1].Start);
            }
        }
    }
}
