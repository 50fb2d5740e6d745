using Mach.Access;

namespace Mach.Ui.Frame;

/// <summary>The main places and who may go there.</summary>
internal static class Places
{
    public static readonly IReadOnlyList<(string Key, string Href, string Policy)> All =
    [
        ("me", "/me", Policies.OwnRecord),
        ("people", "/people", Policies.FindPerson),
        ("intake", "/intake", Policies.SendDossier),
        ("facilities", "/facilities", Policies.DecideData),
        ("registry", "/units", Policies.SignedIn),
        ("questions", "/questions", Policies.DecideData),
        ("policy", "/policy", Policies.DecideData),
        ("audit", "/audit", Policies.DecideData),
        ("accounts", "/accounts", Policies.ManageAccounts),
    ];
}
