namespace Mach.Intake;

/// <summary>Where an envelope came from.</summary>
/// <param name="Door">portal, page, import, demo …</param>
/// <param name="Account">Account that sent it.</param>
/// <param name="BoundFacility">The one facility this account may send for; null = any.</param>
/// <param name="FileName">Name of the file as sent, or null.</param>
public sealed record IntakeSource(string Door, string Account, string? BoundFacility, string? FileName);
