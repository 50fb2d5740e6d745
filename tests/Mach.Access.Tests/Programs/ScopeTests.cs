namespace Mach.Access.Tests.Programs;

/// <summary>Scopes as text. Source: SMART App Launch 2.1, "Scopes for requesting FHIR Resources".</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("patient/Observation.rs?category=laboratory"), InlineData("user/*.cruds"), InlineData("system/Patient.r"), InlineData("patient/*.read"), InlineData("user/Observation.rs?category=http%3A%2F%2Fx%7Clab&status=final")]
    public void Scopes_are_read(string text) => Assert.NotNull(FhirScope.Parse(text));

    [Theory]
    [InlineData("patient/Observation"), InlineData("patient/Observation."), InlineData("patient/.rs"), InlineData("other/Observation.rs"), InlineData("patient/Observation.sr"), InlineData("patient/Observation.rr"), InlineData("patient/Obs3.rs")]
    [InlineData("patient/Observation.rs?"), InlineData("patient/Observation.rs?category"), InlineData("patient/Observation.rs?category="), InlineData("patient/Observation.rs?=lab"), InlineData("patient/*.rs?category=lab"), InlineData("patient/Observation.cruds?category=lab"), InlineData("PATIENT/Observation.rs"), InlineData("")]
    public void What_is_none_is_none(string text) => Assert.Null(FhirScope.Parse(text));

    // A scope allows another only when nothing that the other opens stays closed by it.
    [Theory]
    [InlineData("patient/*.rs", "patient/Observation.r", true)]
    [InlineData("patient/Observation.rs", "patient/Observation.rs?category=lab", true)]
    [InlineData("patient/Observation.rs?category=lab", "patient/Observation.rs?status=final&category=lab", true)]
    [InlineData("patient/Observation.rs?category=lab", "patient/Observation.rs", false)]
    [InlineData("patient/Observation.rs?category=lab", "patient/Observation.rs?category=vital-signs", false)]
    [InlineData("patient/Observation.rs?category=lab", "patient/Observation.rs?category=lab,vital-signs", false)]
    [InlineData("patient/Observation.rs?category=lab", "patient/*.rs", false)]
    [InlineData("patient/*.rs", "user/Observation.r", false)]
    [InlineData("user/*.rs", "patient/Observation.r", false)]
    [InlineData("system/*.cruds", "user/*.r", false)]
    [InlineData("user/*.r", "user/*.rs", false)]
    [InlineData("user/*.rs", "user/*.read", true)]
    [InlineData("user/*.read", "user/*.rs", true)]
    [InlineData("openid", "openid", true)]
    [InlineData("openid", "profile", false)]
    public void A_scope_covers_no_more_than_it_says(string granted, string asked, bool covered) => Assert.Equal(covered, Scopes.Covers(granted, asked));
}
