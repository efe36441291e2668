using System.Diagnostics;
using Darkroom.TestKit.Web;

namespace Darkroom.TestKit;

/// <summary>
/// A real S3 server (s3rver, by Node.js) on a free port of the loopback, with a folder of its own. It takes every signature of its one access key and refuses
/// others; it knows nothing of limits. It ends with the test program, however that ends.
/// </summary>
public sealed class S3Server : IDisposable
{
    /// <summary>Both halves of its key.</summary>
    public const string Key = "S3RVER";

    private static readonly Lazy<S3Server> Started = new(() => new S3Server());

    private readonly string folder;
    private readonly ReservedPort port = new();
    private Process process;

    /// <summary>Starts a server.</summary>
    /// <exception cref="InvalidOperationException">Node.js or the server is not installed.</exception>
    public S3Server()
    {
        folder = Directory.CreateTempSubdirectory("darkroom-s3-").FullName;
        process = Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The one of this test run.</summary>
    public static S3Server Shared => Started.Value;

    public Uri Endpoint => port.Address;

    /// <summary>Objects of a bucket as they lie on the disk, without the bytes beside them.</summary>
    public IReadOnlyList<string> KeysOf(string bucket) => Directory.Exists(Path.Combine(folder, bucket))
        ? [.. Directory.EnumerateFiles(Path.Combine(folder, bucket), "*" + Suffix, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(folder, bucket), path)[..^Suffix.Length].Replace('\\', '/')).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Whether a bucket is there.</summary>
    public bool HasBucket(string bucket) => Directory.Exists(Path.Combine(folder, bucket));

    /// <summary>Ends the server; its objects stay.</summary>
    public void Stop()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Starts it again on the same port.</summary>
    public void StartAgain() => process = Start();

    public void Dispose()
    {
        try
        {
            Stop();
        }
        catch (InvalidOperationException)
        {
            // It was disposed of before.
        }
        port.Dispose();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private const string Suffix = "._S3rver_object";

    private Process Start()
    {
        if (!NodeRuntime.Has("s3rver"))
            throw new InvalidOperationException("The S3 server of the tests is not installed: run ./test restore.");
        // It ciphers where a list goes on with DES, which OpenSSL 3 has aside.
        string[] arguments = ["--openssl-legacy-provider", Path.Combine(NodeRuntime.Folder, "s3.js"), folder, $"{port}"];
        var started = Process.Start(new ProcessStartInfo(NodeRuntime.Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (started.StandardOutput.ReadLine() is null) throw new InvalidOperationException("The S3 server of the tests does not start.");
        return started;
    }
}
