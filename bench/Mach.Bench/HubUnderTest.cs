using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Data;

namespace Mach.Bench;

/// <summary>A hub in a process of its own, as a user runs it.</summary>
internal sealed partial class HubUnderTest : IAsyncDisposable
{
    private readonly Process _process;

    private HubUnderTest(Process process, TimeSpan ready, JsonElement demo, HttpClient http) => (_process, Ready, Demo, Http) = (process, ready, demo, http);

    /// <summary>Time from process start to the first 200 of /health/ready.</summary>
    public TimeSpan Ready { get; }
    public JsonElement Demo { get; }
    public HttpClient Http { get; }
    public int ProcessId => _process.Id;

    public static async Task<HubUnderTest> StartAsync(string data, DbEngine engine, string? connection, string demo, int? people = null, params (string Name, string Value)[] environment)
    {
        var urls = $"http://127.0.0.1:{Random.Shared.Next(20000, 40000)}";
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "mach.dll"), "demo", "--urls", urls, "--data", data, "--engine", engine == DbEngine.Postgres ? "postgres" : "sqlite", "--demo", demo];
        if (connection is not null)
        {
            arguments.AddRange(["--connection", connection]);
        }

        if (people is { } n)
        {
            arguments.AddRange(["--people", n.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        }

        var watch = Stopwatch.StartNew();
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer(), AutomaticDecompression = DecompressionMethods.None };
        var http = new HttpClient(handler) { BaseAddress = new Uri(urls), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br, gzip");
        while (!await IsReadyAsync(http))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("The hub ended before it was ready.");
            }

            await Task.Delay(10);
        }

        var ready = watch.Elapsed;
        var file = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "demo.json"))).RootElement.Clone();
        return new HubUnderTest(process, ready, file, http);
    }

    /// <summary>Signs in as the doctor, as the page does.</summary>
    public async Task SignInAsync()
    {
        var doctor = Demo.GetProperty("users").EnumerateArray().Single(u => u.GetProperty("role").GetString() == "doctor");
        using var plain = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        plain.Headers.AcceptEncoding.ParseAdd("identity");
        using var page = await Http.SendAsync(plain);
        var text = await ReadAsync(page);
        var token = Token().Match(text);
        using var answer = await Http.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["user"] = doctor.GetProperty("user").GetString()!,
            ["password"] = doctor.GetProperty("password").GetString()!,
            [token.Groups[1].Value] = token.Groups[2].Value,
            ["returnUrl"] = "/",
        }));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A token of the demonstration's program.</summary>
    public async Task<string> ProgramTokenAsync()
    {
        var client = Demo.GetProperty("client");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client.GetProperty("id").GetString()!,
            ["client_secret"] = client.GetProperty("secret").GetString()!,
        });
        using var answer = await Http.PostAsync(client.GetProperty("tokenUrl").GetString(), form);
        return JsonDocument.Parse(await ReadAsync(answer.EnsureSuccessStatusCode())).RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>GET; milliseconds to the last byte and the compressed size.</summary>
    public async Task<(double Ms, long Bytes)> GetAsync(string path)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await Http.GetAsync(path);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        answer.EnsureSuccessStatusCode();
        return (watch.Elapsed.TotalMilliseconds, bytes.Length);
    }

    public async Task<string> TextAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        return await ReadAsync(answer.EnsureSuccessStatusCode());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = answer.Content.Headers.ContentEncoding.FirstOrDefault() switch
        {
            "br" => new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress),
            "gzip" => new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex("name=\"(__RequestVerificationToken)\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
