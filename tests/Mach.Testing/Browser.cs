using System.Net;

namespace Mach.Testing;

/// <summary>What came back.</summary>
/// <param name="Html">The body.</param>
public sealed record Answer(HttpStatusCode Status, string Html, string? Location, HttpResponseMessage Message)
{
    public string Between(string before, string after)
    {
        var start = Html.IndexOf(before, StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no {before}");
        start += before.Length;
        return Html[start..Html.IndexOf(after, start, StringComparison.Ordinal)];
    }
}

/// <summary>Keeps cookies, follows nothing.</summary>
public sealed class Browser(HttpClient client)
{
    private readonly CookieContainer _cookies = new();

    public Task<Answer> GetAsync(string path, string accept = "text/html", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return SendAsync(request);
    }

    public Task<Answer> FragmentAsync(string path) => GetAsync(path, "text/html", ("HX-Request", "true"));

    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        request.Headers.Accept.ParseAdd("text/html");
        return SendAsync(request);
    }

    /// <summary>What a page's script sends: JSON, with the antiforgery token in its header when there is one.</summary>
    public Task<Answer> PutJsonAsync(string path, string json, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json");
        if (token is not null)
        {
            request.Headers.Add("RequestVerificationToken", token);
        }

        return SendAsync(request);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var address = new Uri(client.BaseAddress!, request.RequestUri!);
        if (_cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        var answer = await client.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
            {
                _cookies.SetCookies(address, cookie);
            }
        }

        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString, answer);
    }
}
