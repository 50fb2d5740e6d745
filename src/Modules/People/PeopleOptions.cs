namespace Mach.People;

/// <param name="FollowsByItself">Look for doubles in the background; false in tests that do it themselves.</param>
public sealed record PeopleOptions(bool FollowsByItself = true)
{
    /// <summary>So long no Patient may have changed before everybody new is compared with everybody.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(2);
}
