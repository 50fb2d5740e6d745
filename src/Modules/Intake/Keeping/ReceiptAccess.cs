using System.Security.Claims;
using Mach.Access;

namespace Mach.Intake.Keeping;

/// <summary>Which receipts an account sees: its own, those of the facility it is bound to, and all when it is bound to none.</summary>
internal static class ReceiptAccess
{
    public static bool MaySee(ClaimsPrincipal who, ReceiptRow receipt) =>
        who.BoundFacility() is not { } bound || receipt.Facility == bound || receipt.Account == who.AccountName();
}
