using Darkroom.Client.Tests;
using Darkroom.Imaging;
using Darkroom.TestKit;

[assembly: AssemblyFixture(typeof(TestServer))]

// Tests cancel, cut and measure: each has the server to itself.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Darkroom.Client.Tests;

/// <summary>The server as it is started, with the starter model, for all tests of this project.</summary>
public sealed class TestServer : IAsyncLifetime
{
    public StartedServer Process { get; private set; } = null!;

    public Uri Address => Process.Client.BaseAddress!;

    public DarkroomClient Client { get; private set; } = null!;

    /// <summary>A picture of 64 × 64.</summary>
    public static byte[] Canvas { get; } = PictureEncoder.Encode(
        new Picture(64, 64, 3, [.. Enumerable.Range(0, 64 * 64 * 3).Select(i => (byte)(i * 7 / 48))]), Imaging.PictureFormat.Png, 90, null);

    /// <summary>White, and so to be repainted, in the middle of it.</summary>
    public static byte[] Mask { get; } = PictureEncoder.Encode(
        new Picture(64, 64, 1, [.. Enumerable.Range(0, 64 * 64).Select(i => (byte)(i % 64 is > 16 and < 48 && i / 64 is > 16 and < 48 ? 255 : 0))]),
        Imaging.PictureFormat.Png, 90, null);

    public DarkroomClient NewClient(Action<DarkroomClientOptions>? configure = null)
    {
        var options = new DarkroomClientOptions { BaseAddress = Address };
        configure?.Invoke(options);
        return new(options);
    }

    public async ValueTask InitializeAsync()
    {
        Process = await StartedServer.StartAsync();
        Client = NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }
}
