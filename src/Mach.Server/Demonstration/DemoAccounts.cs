using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Access;
using Mach.Server.Hosting;

namespace Mach.Server.Demonstration;

/// <summary>The sign-ins of a demonstration. They are public knowledge, so a demonstration listens on the loopback address only.</summary>
internal static class DemoAccounts
{
    public const string ClientId = "mach-demo-client";
    public const string ClientSecret = "mach-demo-client-secret";

    private static readonly (string Role, string Word, string User, string Display, string Password)[] People =
    [
        (Roles.Registrar, "registrar", "tiepdon", "Tiếp đón (trình diễn)", "tiepdon-mach-2026"),
        (Roles.Doctor, "doctor", "bacsi", "Bác sĩ (trình diễn)", "bacsi-mach-2026"),
        (Roles.Administrator, "administrator", "quantri", "Quản trị (trình diễn)", "quantri-mach-2026"),
        (Roles.Director, "director", "lanhdao", "Lãnh đạo Sở (trình diễn)", "lanhdao-mach-2026"),
        (Roles.DataOfficer, "data officer", "dulieu", "Cán bộ dữ liệu (trình diễn)", "dulieu-mach-2026"),
    ];

    /// <summary>The facility of those who have one, and the hospital that one of its doctors helps out at.</summary>
    public const string FacilityCode = "25001", SatelliteCode = "25008";

    public const string Rotating = "bacsi.luan", Person = "nguoibenh", Nurse = "dieuduong";

    /// <summary>A doctor of one facility sees those whom it has cared for, and opens others in an emergency. Where the others work, and who they are: <see cref="DemoPosts"/>.</summary>
    private static readonly (string Role, string Word, string User, string Display, string Password, string? Facility)[] Placed =
    [
        (Roles.Doctor, "doctor of " + FacilityCode, "bacsi.tuyen", $"Bác sĩ tại {FacilityCode} (trình diễn)", "bacsi-tuyen-mach-2026", FacilityCode),
        (Roles.Director, "director of " + FacilityCode, "giamdoc", $"Giám đốc {FacilityCode} (trình diễn)", "giamdoc-mach-2026", FacilityCode),
        (Roles.Doctor, "doctor on rota", Rotating, "Bác sĩ luân phiên (trình diễn)", "bacsi-luan-mach-2026", null),
        (Roles.Nurse, "nurse of a ward", Nurse, "Điều dưỡng khoa Nội (trình diễn)", "dieuduong-mach-2026", null),
        (Roles.Person, "person", Person, "Người bệnh (trình diễn)", "nguoibenh-mach-2026", null),
    ];

    private static readonly (string User, string Password) Intake = ("congdulieu", "congdulieu-mach-2026");

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Makes what is missing and sets what differs; the same on every start.</summary>
    public static async Task EnsureAsync(Accounts accounts, CancellationToken ct)
    {
        foreach (var (role, _, user, display, password) in People)
        {
            await accounts.EnsureAsync(new NewAccount(user, display, password, [role], null), ct);
        }

        foreach (var (role, _, user, display, password, facility) in Placed)
        {
            await accounts.EnsureAsync(new NewAccount(user, display, password, [role], facility), ct);
        }

        await accounts.EnsureAsync(new NewAccount(Intake.User, "Cổng nhận dữ liệu (trình diễn)", Intake.Password, [Roles.Intake], null), ct);
        await accounts.EnsureClientAsync(ClientId, ClientSecret, ["system/*.cruds"], ct);
    }

    /// <summary>Closes what still opens with the public passwords: a hub for real use has no demonstration sign-ins, whatever its data folder was used for before.</summary>
    /// <returns>Names of the accounts and of the client that were closed now.</returns>
    public static async Task<IReadOnlyList<string>> CloseAsync(Accounts accounts, CancellationToken ct)
    {
        var closed = new List<string>();
        foreach (var (user, password) in Passwords())
        {
            if (await accounts.CloseIfPasswordAsync(user, password, ct))
            {
                closed.Add(user);
            }
        }

        if (await accounts.CloseClientIfSecretAsync(ClientId, ClientSecret, ct))
        {
            closed.Add(ClientId);
        }

        return closed;
    }

    /// <summary>Public passwords over what somebody keeps for real would open it to everybody.</summary>
    /// <exception cref="HubException">The store has accounts, and none of them was made by a demonstration.</exception>
    public static async Task RefuseRealUseAsync(Accounts accounts, CancellationToken ct)
    {
        var known = await accounts.ListAsync(ct);
        var own = Passwords().Select(p => p.User).ToHashSet(StringComparer.Ordinal);
        if (known.Count > 0 && !known.Any(a => own.Contains(a.Name)))
        {
            throw new HubException("This data folder belongs to a hub in real use (it has accounts that no demonstration made). A demonstration would open it with public passwords; use another --data folder, or 'mach serve'.");
        }
    }

    private static IEnumerable<(string User, string Password)> Passwords() =>
        [.. People.Select(p => (p.User, p.Password)), .. Placed.Select(p => (p.User, p.Password)), Intake];

    public static DemoFile Describe(string address) => new(
        address,
        address + "/fhir",
        [.. People.Select(p => new DemoUser(p.Word, p.User, p.Password)), .. Placed.Select(p => new DemoUser(p.Word, p.User, p.Password))],
        new DemoClient(ClientId, ClientSecret, address + "/oauth/token"),
        new DemoIntake(Intake.User, Intake.Password));

    /// <summary>Writes demo.json whole or not at all: a reader never sees half a file.</summary>
    public static async Task WriteAsync(DemoFile file, string path, CancellationToken ct)
    {
        var temporary = path + ".new";
        await File.WriteAllTextAsync(temporary, JsonSerializer.Serialize(file, Pretty), ct);
        File.Move(temporary, path, overwrite: true);
    }

    public static async Task PrintAsync(DemoFile file, TextWriter output)
    {
        await output.WriteLineAsync($"\nMạch — {file.Base}\n");
        foreach (var user in file.Users)
        {
            await output.WriteLineAsync($"  {user.Role,-16} {user.User,-12} {user.Password}");
        }

        await output.WriteLineAsync($"  {"intake (portal)",-16} {file.Intake.User,-12} {file.Intake.Password}");
        await output.WriteLineAsync($"  FHIR {file.Fhir}   client {file.Client.Id} / {file.Client.Secret}   token {file.Client.TokenUrl}");
        await output.WriteLineAsync("\nDemonstration only: invented people, public passwords. Ctrl+C stops it.");
    }
}

/// <summary>What demo.json holds.</summary>
internal sealed record DemoFile(string Base, string Fhir, IReadOnlyList<DemoUser> Users, DemoClient Client, DemoIntake Intake);

internal sealed record DemoUser(string Role, string User, string Password);

internal sealed record DemoClient(string Id, string Secret, [property: JsonPropertyName("tokenUrl")] string TokenUrl);

internal sealed record DemoIntake(string User, string Password);
