namespace Mach.Access;

/// <summary>One person or hospital system that may sign in with a password.</summary>
public sealed record Account
{
    /// <summary>Lower case; 3–64 letters of a–z, digits, and <c>. _ - @</c>.</summary>
    public required string Name { get; init; }
    public required string DisplayName { get; init; }
    /// <summary>Of <see cref="Access.Roles"/>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }
    /// <summary>Code of the only facility it may act for; null = any.</summary>
    public string? Facility { get; init; }
    public required bool Disabled { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? LastSignIn { get; init; }
    /// <summary>The password is not the owner's own yet.</summary>
    public bool MustChange { get; init; }
}

/// <summary>An account to be made.</summary>
/// <param name="Name">See <see cref="Account.Name"/>; upper case is taken as lower.</param>
/// <param name="Password">At least 15 characters, none of the common ones.</param>
public sealed record NewAccount(string Name, string DisplayName, string Password, IReadOnlyList<string> Roles, string? Facility = null)
{
    /// <summary>Somebody else chose the password: its owner has to choose another at the first sign-in, before anything else opens (ASVS 5.0 V6.4.1).</summary>
    public bool MustChange { get; init; }
}

/// <summary>Why an account could not be made or changed, for the person at the keyboard.</summary>
/// <param name="Rule">Stable id: name, name.taken, password.short, password.common, password.breached, roles, facility, unknown, last-administrator.</param>
public sealed record AccountProblem(string Rule, string Vi, string En);
