using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mach.Access.Tests;
using Mach.Data;

namespace Mach.FhirApi.Tests;

/// <summary>The API as a program sees it that may do everything.</summary>
internal sealed class Api : IAsyncDisposable
{
    private Api(AccessHost host, HttpClient http) => (Host, Http) = (host, http);

    public AccessHost Host { get; }

    public HttpClient Http { get; }

    public static async Task<Api> StartAsync(DbEngine engine, FhirApiOptions? options = null)
    {
        var host = await (await AccessHost.StartAsync(engine, null, options)).WithClientAsync("system/*.cruds");
        return new Api(host, await host.SignedInProgramAsync());
    }

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> PostAsync(string path, string json, params (string, string)[] headers) => SendAsync("POST", path, json, headers);

    public Task<Answer> PutAsync(string path, string json, params (string, string)[] headers) => SendAsync("PUT", path, json, headers);

    public Task<Answer> DeleteAsync(string path, params (string, string)[] headers) => SendAsync("DELETE", path, null, headers);

    public Task<Answer> SendAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(Http, method, path, json is null ? null : Encoding.UTF8.GetBytes(json), "application/fhir+json", headers);

    public static async Task<Answer> SendAsync(HttpClient http, string method, string path, byte[]? body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Length == 0 || path[0] == '?' ? "/fhir" + path : "/fhir/" + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await http.SendAsync(request);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.ETag?.ToString(), answer.Headers.Location?.ToString(), answer.Content.Headers.LastModified);
    }

    /// <summary>Number of resources that answer a search.</summary>
    public async Task<int> CountAsync(string search)
    {
        var answer = await GetAsync(search + (search.Contains('?') ? "&" : "?") + "_summary=count");
        return answer.Need(200).Json.GetProperty("total").GetInt32();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

internal sealed record Answer(int Status, string Text, string? ETag, string? Location, DateTimeOffset? LastModified)
{
    public JsonElement Json => field.ValueKind != JsonValueKind.Undefined ? field : field = JsonDocument.Parse(Text).RootElement.Clone();

    /// <summary>Id in the Location.</summary>
    public string Id => Location!.Split('/')[^3];

    public Answer Need(int status)
    {
        Assert.True(Status == status, $"{Status}, not {status}: {Text}");
        return this;
    }

    /// <summary>An OperationOutcome with this status and code of its first issue.</summary>
    public Answer Need(int status, string code)
    {
        Need(status);
        Assert.Equal("OperationOutcome", Json.GetProperty("resourceType").GetString());
        Assert.Equal(code, Json.GetProperty("issue")[0].GetProperty("code").GetString());
        return this;
    }
}
