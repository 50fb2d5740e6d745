using System.Net;
using Mach.Data;
using Mach.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Mach.Server.Tests;

/// <summary>What the whole hub does with an error that nobody thought of, with its clock, its console and the files of its data folder. Source: OWASP ASVS 5.0 V16.2.2, V16.2.4, V16.5.1.</summary>
public sealed class HubSettingsTests
{
    private const string Secret = "Nguyễn Thị Đào 025165001235";

    [Fact]
    public async Task An_unexpected_error_is_answered_in_the_form_of_each_door_without_what_it_says()
    {
        var options = New();
        await using var app = Hub.Build(options, await Hub.OpenStoreAsync(options, default));
        foreach (var path in new[] { "/boom", "/api/boom" })
        {
            app.MapGet(path, string () => throw new NotSupportedException(Secret)).AllowAnonymous();
        }

        await HubRunner.StartAsync(app, default);
        app.Services.GetRequiredService<HubState>().Preparing = null;
        using var client = new HttpClient { BaseAddress = new Uri(HubRunner.Address(app)) };
        foreach (var (path, accept, type) in new[]
        {
            ("/boom", "text/html", "text/html"), ("/boom", "application/json", "application/problem+json"), ("/api/boom", "text/html", "application/problem+json"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd(accept);
            var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((HttpStatusCode.InternalServerError, type) == (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType), $"{path} {accept}: {answer.StatusCode} {answer.Content.Headers.ContentType} {text}");
            Assert.DoesNotContain("Nguyễn", text, StringComparison.Ordinal);
            Assert.DoesNotContain("NotSupported", text, StringComparison.Ordinal);
            Assert.DoesNotContain(" at Mach.", text, StringComparison.Ordinal);
            Assert.True(answer.Headers.Contains("X-Content-Type-Options"), path);
        }

        // It goes on.
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/sign-in")).StatusCode);
        await app.StopAsync();
    }

    [Theory]
    [InlineData(false, ConsoleFormatterNames.Simple)]
    [InlineData(true, ConsoleFormatterNames.Json)]
    public async Task The_console_is_text_or_JSON(bool json, string formatter)
    {
        var options = New() with { JsonLog = json };
        await using var app = Hub.Build(options, await Hub.OpenStoreAsync(options, default));
        Assert.Equal(formatter, app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
    }

    [Fact]
    public void A_clock_that_goes_adrift_is_told_once_and_that_it_came_back_too()
    {
        var log = new Lines<ClockWatch>();
        bool? state = true;
        using var watch = new ClockWatch(() => state, log);
        foreach (var now in new bool?[] { true, null, false, false, null, false, true, true, false })
        {
            state = now;
            watch.Look();
        }

        Assert.Equal([4002, 4003, 4002], log.Events);
    }

    [Fact]
    public void This_machine_tells_about_its_clock_or_says_that_it_cannot() =>
        Assert.Equal(OperatingSystem.IsLinux(), MachineClock.IsSynchronized() is not null);

    [Fact]
    public async Task A_table_of_words_that_cannot_be_read_stops_the_start_with_its_line()
    {
        var options = New();
        await File.WriteAllTextAsync(options.WordsFile, "# version\t2027-01-01\nHiv\tARV\n");
        Assert.Contains("line 2", (await Assert.ThrowsAsync<HubException>(() => Hub.OpenStoreAsync(options, default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"breachedPasswords":"pwned.txt"}""", "0000000000000000000000000000000000000000:1\nFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:2\n", null)]
    [InlineData("""{"breachedPasswords":"pwned.txt"}""", null, "cannot be read")]
    [InlineData("""{"breachedPasswords":"pwned.txt"}""", "password\n", "cannot be read")]
    [InlineData("""{"providers":[{"id":"a","name":"A","issuer":"https://a.example","clientId":"x","maxAgeMinutes":0}]}""", null, "maxAgeMinutes")]
    [InlineData("""{"providers":[{"id":"a","name":"A","issuer":"https://a.example","clientId":"x","maxAgeMinutes":15,"acr":["high"]}]}""", null, null)]
    public async Task Settings_of_sign_in_are_read_or_refused_with_words(string settings, string? list, string? problem)
    {
        var options = New();
        await File.WriteAllTextAsync(options.SignInFile, settings);
        if (list is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(options.Data, "pwned.txt"), list);
        }

        if (problem is null)
        {
            var read = SignInSettings.Read(options.SignInFile);
            Assert.True(list is null ? read.Providers[0] is { MaxAgeMinutes: 15, Acr: ["high"] } : read.Breached is not null);
        }
        else
        {
            Assert.Contains(problem, Assert.Throws<HubException>(() => SignInSettings.Read(options.SignInFile)).Message, StringComparison.Ordinal);
        }
    }

    private static HubOptions New() => new() { Data = Directory.CreateTempSubdirectory("mach-settings-").FullName, Engine = DbEngine.Sqlite, Urls = "http://127.0.0.1:0" };

    private sealed class Lines<T> : ILogger<T>
    {
        public List<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Events.Add(eventId.Id);
    }
}
