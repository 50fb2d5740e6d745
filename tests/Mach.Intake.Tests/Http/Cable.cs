using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mach.Intake.Tests.Http;

/// <summary>A cable to a server that can be pulled out and put in again: what a lost network is.</summary>
internal sealed class Cable : IDisposable
{
    private readonly TcpListener _near = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly string _host;
    private readonly int _port;
    private volatile bool _isPulled;

    public Cable(string host, int port)
    {
        (_host, _port) = (host, port);
        _near.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_near.LocalEndpoint).Port;

    public void Pull()
    {
        _isPulled = true;
        while (_open.TryTake(out var socket))
        {
            socket.Dispose();
        }
    }

    public void PutIn() => _isPulled = false;

    public void Dispose()
    {
        _near.Dispose();
        Pull();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket near;
            try
            {
                near = await _near.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = CarryAsync(near);
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            if (_isPulled)
            {
                return;
            }

            try
            {
                await far.ConnectAsync(_host, _port);
                near.NoDelay = far.NoDelay = true;
                _open.Add(near);
                _open.Add(far);
                await using var a = new NetworkStream(near);
                await using var b = new NetworkStream(far);
                await Task.WhenAny(a.CopyToAsync(b), b.CopyToAsync(a));
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The other end sees that its connection is gone.
            }
        }
    }
}
