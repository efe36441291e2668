using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Darkroom.TestKit.Web;

/// <summary>
/// A port of the loopback that stays ours until it is disposed of: a program that is told to listen on it can, may stop, and can listen on it again, while
/// the system gives it to nobody who asks for any port. Connections are refused as long as no program listens.
/// </summary>
public sealed class ReservedPort : IDisposable
{
    // As <sys/socket.h> of Linux and of macOS numbers them.
    private static readonly (int Level, int ReuseAddress) Options = OperatingSystem.IsMacOS() ? (0xFFFF, 0x0004) : (1, 2);

    // Bound, and never listening. Linux lets a second socket bind to its address only if both allow it, as every server does that wants to start again soon.
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        int on = 1;
        socket.SetRawSocketOption(Options.Level, Options.ReuseAddress, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public int Number { get; }

    /// <summary>Over HTTP.</summary>
    public Uri Address => new($"http://127.0.0.1:{Number}");

    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => socket.Dispose();
}
