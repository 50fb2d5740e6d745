using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.Server.Tests;

/// <summary>A real hub in a process of its own, as ./run starts it: it can be signed in to, killed and started again.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    /// <summary>Long, for machines that do much else meanwhile; a demonstration with people is prepared before it answers.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(600);
    private readonly string _demo;
    private readonly TestDb? _database;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private HubProcess(DbEngine engine, string demo, string data, TestDb? database) =>
        (Engine, _demo, Data, _database) = (engine, demo, data, database);

    public DbEngine Engine { get; }
    public string Data { get; }
    public JsonElement Demo { get; private set; }
    public string Base => Demo.GetProperty("base").GetString()!;
    public HttpClient Http { get; private set; } = new();
    /// <summary>Everything the hub printed, both streams, over all its starts.</summary>
    public string Output { get { lock (_output) { return _output.ToString(); } } }

    /// <param name="demo">none, small or province.</param>
    public static async Task<HubProcess> StartAsync(DbEngine engine, string demo = "none")
    {
        var data = Directory.CreateTempSubdirectory("mach-hub-").FullName;
        var database = engine == DbEngine.Postgres ? await TestDb.CreateAsync(engine) : null;
        var hub = new HubProcess(engine, demo, data, database);
        await hub.StartAgainAsync();
        return hub;
    }

    /// <param name="at">Address to serve at: a browser that was left open finds the hub where it was. Null = any free port.</param>
    public async Task StartAgainAsync(string? at = null)
    {
        var file = Path.Combine(Data, "demo.json");
        File.Delete(file);
        Start(Arguments("demo", "--urls", at ?? "http://127.0.0.1:0", "--demo", _demo));
        await WaitAsync(() => File.Exists(file));
        Demo = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.Clone();
        Open(Base);
    }

    /// <summary>Starts the hub for real use on the same data, after <see cref="KillAsync"/>.</summary>
    public async Task ServeAsync()
    {
        const string Says = "serves at ";
        var before = Output.Length;
        Start(Arguments("serve", "--urls", "http://127.0.0.1:0"));
        await WaitAsync(() => Output[before..].Contains(Says, StringComparison.Ordinal));
        var said = Output[(Output.LastIndexOf(Says, StringComparison.Ordinal) + Says.Length)..];
        Open(said.Split('\n')[0].Trim());
    }

    private void Start(List<string> arguments)
    {
        _process = new Process { StartInfo = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task WaitAsync(Func<bool> isThere)
    {
        var watch = Stopwatch.StartNew();
        while (!isThere())
        {
            if (_process!.HasExited || watch.Elapsed > StartLimit)
            {
                await DisposeAsync();
                throw new InvalidOperationException($"The hub did not start: {Output}");
            }

            await Task.Delay(50);
        }
    }

    private void Open(string address)
    {
        Http.Dispose();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(100) };
    }

    /// <summary>kill -9: no shutdown code runs.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Runs another command of the same executable on the same data; returns exit code and output.</summary>
    public async Task<(int Code, string Text)> CommandAsync(string command, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet", Arguments(command, more)) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    public (string User, string Password) User(string role)
    {
        var user = Demo.GetProperty("users").EnumerateArray().Single(u => u.GetProperty("role").GetString() == role);
        return (user.GetProperty("user").GetString()!, user.GetProperty("password").GetString()!);
    }

    /// <summary>Bearer token of the demonstration program (FHIR).</summary>
    public async Task<string> ClientTokenAsync()
    {
        var client = Demo.GetProperty("client");
        using var answer = await Http.PostAsync(client.GetProperty("tokenUrl").GetString(), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client.GetProperty("id").GetString()!,
            ["client_secret"] = client.GetProperty("secret").GetString()!,
        }));
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>Bearer token of the portal account, taken as hospital systems do.</summary>
    public async Task<string> IntakeTokenAsync()
    {
        var intake = Demo.GetProperty("intake");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(intake.GetProperty("user").GetString()!), "username" },
            { new StringContent(intake.GetProperty("password").GetString()!), "password" },
        };
        using var answer = await Http.PostAsync("/api/token", form);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>Sends an envelope to the portal door.</summary>
    public async Task<HttpResponseMessage> SendAsync(string token, byte[] envelope, CancellationToken ct = default)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(envelope);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        form.Add(file, "files", "hoso.xml");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/Cong130/CheckIn") { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, ct);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? token = null, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>Another door to the hub's database.</summary>
    public Db OpenDatabase() => _database?.OpenAnother() ?? Db.OpenSqlite(Path.Combine(Data, "mach.db"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(Data, recursive: true);
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private List<string> Arguments(string command, params string[] more)
    {
        List<string> arguments = [Executable(), .. command.Split(' '), "--data", Data, "--engine", Engine == DbEngine.Postgres ? "postgres" : "sqlite"];
        if (_database is not null)
        {
            arguments.AddRange(["--connection", _database.Location]);
        }

        arguments.AddRange(more);
        return arguments;
    }

    /// <summary>mach.dll as built beside this test assembly: …/bin/Mach.Server/{configuration}/mach.dll.</summary>
    private static string Executable()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(here.Parent!.Parent!.FullName, "Mach.Server", here.Name, "mach.dll");
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
        {
            _output.AppendLine(e.Data);
        }
    }
}
