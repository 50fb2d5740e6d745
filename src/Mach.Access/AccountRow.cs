namespace Mach.Access;

/// <summary>A row of acc_account.</summary>
internal sealed class AccountRow
{
    public string Name { get; init; } = "";
    public string Display { get; init; } = "";
    public string Password { get; set; } = "";
    public string? PasswordMd5 { get; set; }
    public string Roles { get; init; } = "";
    public string? Facility { get; init; }
    public long Created { get; init; }
    public long? Disabled { get; init; }
    public long? LastSignIn { get; init; }
    public long? MustChange { get; set; }

    public Account ToAccount() => new()
    {
        Name = Name,
        DisplayName = Display,
        Roles = Scopes.Split(Roles),
        Facility = Facility,
        Disabled = Disabled is not null,
        Created = Instants.FromUs(Created),
        MustChange = MustChange is not null,
        LastSignIn = LastSignIn is { } at ? Instants.FromUs(at) : null,
    };
}
