using Mach.Access;

namespace Mach.Ui.Frame;

/// <summary>The main places and who may go there.</summary>
internal static class Places
{
    public static readonly IReadOnlyList<(string Key, string Href, string Policy)> All =
    [
        ("me", "/me", Policies.OwnRecord),
        ("people", "/people", Policies.FindPerson),
        ("indicators", "/indicators", Policies.ReadIndicators),
        ("intake", "/intake", Policies.SendDossier),
        ("facilities", "/facilities", Policies.DecideData),
        ("registry", "/units", Policies.SignedIn),
        ("questions", "/questions", Policies.DecideData),
        ("policy", "/policy", Policies.DecideData),
        ("audit", "/audit", Policies.DecideData),
        ("accounts", "/accounts", Policies.ManageAccounts),
    ];

    /// <summary>Pages that stand in no navigation of their own and are found by their name.</summary>
    public static readonly IReadOnlyList<(string Key, string Href, string Policy)> Further =
    [
        ("register", "/people/new", Policies.RegisterPerson),
        ("doubles", "/questions/pairs", Policies.DecideData),
        ("facility-list", "/facilities", Policies.SignedIn),
        ("practitioners", "/practitioners", Policies.SignedIn),
        ("catalogues", "/catalogues", Policies.SignedIn),
        ("imports", "/imports", Policies.EditRegistry),
        ("changes", "/registry/changes", Policies.SignedIn),
        ("emergency", "/emergency", Policies.ReadRecord),
        ("phrases", "/phrases", Policies.WriteCare),
        ("account", "/account", Policies.OwnAccount),
        ("ui", "/ui", Policies.SignedIn),
    ];
}
