using System.CommandLine;
using System.Globalization;
using System.Net;
using Mach.Chart;
using Mach.Data;
using Mach.FhirApi;
using Mach.Server.Hosting;
using Mach.Store;

namespace Mach.Server.Commands;

/// <summary>The options that every command shares, so that they mean the same everywhere.</summary>
internal static class SharedOptions
{
    private const int MostDigestMb = 4096;

    public static Option<DirectoryInfo> Data() => new("--data")
    {
        Description = "Folder of the hub's data (default ./data).",
        DefaultValueFactory = _ => new DirectoryInfo("data"),
    };

    public static Option<string> Engine()
    {
        var option = new Option<string>("--engine") { Description = "sqlite (a file in the data folder) or postgres.", DefaultValueFactory = _ => "sqlite" };
        option.AcceptOnlyFromAmong("sqlite", "postgres");
        return option;
    }

    public static Option<string?> Connection() => new("--connection")
    {
        Description = "PostgreSQL connection string; also read from the environment variable MACH_CONNECTION.",
    };

    public static Option<string> Urls() => new("--urls")
    {
        Description = "Addresses to listen on, separated by ';'.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    public static Option<string[]> Origins() => new("--cors-origin")
    {
        Description = "Origin of a web application that may call the FHIR API from a browser, such as https://app.example.vn; may be given several times. Also read from MACH_CORS_ORIGINS, separated by blanks.",
        DefaultValueFactory = _ => [],
    };

    public static Option<string[]> Proxies() => new("--proxy")
    {
        Description = "Address or network of a reverse proxy, such as 10.0.0.5 or 10.0.0.0/24, whose X-Forwarded-For and X-Forwarded-Proto count; may be given several times.",
        DefaultValueFactory = _ => [],
    };

    public static Option<string[]> Hosts() => new("--host")
    {
        Description = "Host name that requests may be for, such as mach.example.vn or *.example.vn; may be given several times. Others get 400.",
        DefaultValueFactory = _ => [],
    };

    /// <exception cref="HubException">One is no address and no network.</exception>
    public static IReadOnlyList<IPNetwork> ReadProxies(string[] given) =>
        [.. given.Select(text => IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network) ? network
            : throw new HubException($"'{text}' is no address of a proxy: write for example 10.0.0.5 or 10.0.0.0/24."))];

    /// <exception cref="HubException">One is no host name.</exception>
    public static IReadOnlyList<string> ReadHosts(string[] given) =>
        [.. given.Select(text => Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) is not UriHostNameType.Unknown ? text
            : throw new HubException($"'{text}' is no host name: write for example mach.example.vn or *.example.vn, without scheme and port."))];

    /// <summary>The origins of the option, or else of the environment.</summary>
    /// <exception cref="HubException">One is none.</exception>
    public static IReadOnlyList<string> ReadOrigins(string[] given)
    {
        var texts = given.Length > 0 ? given : (Environment.GetEnvironmentVariable("MACH_CORS_ORIGINS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. texts.Select(text => BrowserOrigins.Parse(text)
            ?? throw new HubException($"'{text}' is no origin: write scheme and host, such as https://app.example.vn or http://10.0.0.5:8080, without a path. '*' is not taken; name each application."))];
    }

    /// <exception cref="HubException">It is no number of megabytes.</exception>
    internal static int ReadDigestMb(string? given) => string.IsNullOrWhiteSpace(given) ? ChartModule.UsualDigestMb
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var mb) && mb <= MostDigestMb ? mb
        : throw new HubException($"MACH_DIGEST_MB is '{given}': write whole megabytes from 0 to {MostDigestMb}, such as {ChartModule.UsualDigestMb}; 0 keeps nothing.");

    /// <summary>Puts the parsed values together. Throws <see cref="HubException"/> with what to do when they do not fit.</summary>
    public static HubOptions Read(DirectoryInfo data, string engine, string? connection, string urls, bool demonstration)
    {
        connection ??= Environment.GetEnvironmentVariable("MACH_CONNECTION");
        if (engine == "postgres" && string.IsNullOrWhiteSpace(connection))
        {
            throw new HubException("PostgreSQL needs a connection string: give --connection \"Host=…;Database=…;Username=…;Password=…\" or set MACH_CONNECTION.");
        }

        Hub.OwnFolder(data.FullName);
        return new HubOptions
        {
            Data = data.FullName,
            Engine = engine == "postgres" ? DbEngine.Postgres : DbEngine.Sqlite,
            Connection = engine == "postgres" ? connection : null,
            Urls = urls,
            IsDemonstration = demonstration,
            DigestMb = ReadDigestMb(Environment.GetEnvironmentVariable("MACH_DIGEST_MB")),
        };
    }

    /// <summary>Runs a command body; a known failure, and a disk or database that takes nothing now, becomes one line on standard error and exit code 1.</summary>
    public static async Task<int> Guard(Func<Task<int>> body, TextWriter? error = null)
    {
        error ??= Console.Error;
        try
        {
            return await body();
        }
        catch (HubException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when (e is StoreUnavailableException or UnauthorizedAccessException || Db.IsUnavailable(e))
        {
            await error.WriteLineAsync($"The disk or the database takes nothing now: {e.GetBaseException().Message}\nWhat was taken until now stays. Make room or bring the database back, then run the same command again.");
            return 1;
        }
    }
}
