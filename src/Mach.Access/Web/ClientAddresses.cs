using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Mach.Access;

/// <summary>Where a request comes from.</summary>
public static class ClientAddresses
{
    /// <summary>IPv4 address, or the /64 network of an IPv6 address (one household or ward owns all of it); <c>local</c> without a network.</summary>
    public static string ClientAddress(this HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is null)
        {
            return "local";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }
}
