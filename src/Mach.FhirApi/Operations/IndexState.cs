using System.Text.Json;

namespace Mach.FhirApi.Operations;

/// <summary>SearchParameter/$index-state: the search parameters that were added to this store, how far the index of each is, and on how many resources its expression failed.</summary>
internal static class IndexState
{
    public static async Task HandleAsync(FhirCall call)
    {
        call.NeedType('r');
        using var buffer = new PooledBuffer();
        var progress = await call.Store.ParametersAsync(call.Aborted);
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Parameters"u8);
            if (progress.Count > 0)
            {
                json.WriteStartArray("parameter"u8);
                foreach (var parameter in progress)
                {
                    json.WriteStartObject();
                    json.WriteString("name"u8, "searchParameter"u8);
                    json.WriteStartArray("part"u8);
                    Part(json, "url", "valueUri", parameter.Url);
                    Part(json, "base", "valueCode", parameter.Type);
                    Part(json, "code", "valueCode", parameter.Code);
                    Part(json, "state", "valueCode", parameter.State);
                    Part(json, "reason", "valueString", parameter.Reason ?? "");
                    Part(json, "failure", "valueString", parameter.Failure ?? "");
                    Number(json, "failed", parameter.Failed);
                    Number(json, "percent", parameter.Total == 0 ? 100 : parameter.Done * 100 / parameter.Total);
                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        await FhirAnswer.SendAsync(call, buffer.Written);
    }

    private static void Part(Utf8JsonWriter json, string name, string property, string value)
    {
        if (value.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString(property, value);
            json.WriteEndObject();
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long value)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteNumber("valueInteger"u8, Math.Min(value, int.MaxValue));
        json.WriteEndObject();
    }
}
