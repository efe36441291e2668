using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>What native code frees goes back to the system. Alone, since memory is the whole process's.</summary>
[Collection(nameof(NativeHeapTests))]
[CollectionDefinition(nameof(NativeHeapTests), DisableParallelization = true)]
public sealed class NativeHeapTests
{
    private const int Pairs = 100, Large = 2 << 20, Small = 64;

    private const string ChildVariable = "DARKROOM_TEST_NATIVE_HEAP";

    /// <summary>
    /// In a process of its own: where hundreds of sessions came and went before, the C library has holes of megabytes, and takes the blocks from those.
    /// </summary>
    [Fact]
    public async Task Large_blocks_that_are_freed_go_back_though_small_ones_between_them_stay()
    {
        Assert.SkipUnless(NativeHeap.Configure(), "The C library is not glibc, or the environment says how it keeps memory.");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"{typeof(NativeHeapTests).FullName}.{nameof(Child)}", "-noLogo", "-noColor"])
        {
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Insert(0, typeof(NativeHeapTests).Assembly.Location);
        start.Environment[ChildVariable] = "1";
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    /// <summary>The other process.</summary>
    [Fact]
    public unsafe void Child()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ChildVariable) is null, "It is another test's child.");
        Assert.True(NativeHeap.Configure());
        nint[] large = new nint[Pairs], small = new nint[Pairs];
        double before = ResidentMiB(), between = 0, after = 0;
        // Not of this thread: a thread that others' heaps serve is what sessions are opened on.
        var thread = new Thread(() =>
        {
            // As it would be after a model left: by glibc's own rule blocks of this size now come from a heap.
            NativeMemory.Free(NativeMemory.Alloc(2 * Large));
            for (int i = 0; i < Pairs; i++)
            {
                large[i] = (nint)NativeMemory.Alloc(Large);
                new Span<byte>((void*)large[i], Large).Fill(1);
                small[i] = (nint)NativeMemory.Alloc(Small);
            }
            between = ResidentMiB();
            foreach (nint block in large) NativeMemory.Free((void*)block);
            after = ResidentMiB();
        });
        thread.Start();
        thread.Join();
        foreach (nint block in small) NativeMemory.Free((void*)block);
        Assert.True(between - before > 150, $"{before:F0} MiB, then {between:F0}.");
        Assert.True(after - before < 50, $"{before:F0} MiB before, {between:F0} with all blocks, {after:F0} when the large ones were freed.");
    }

    [Fact]
    public unsafe void Small_blocks_that_are_freed_among_others_go_back_when_asked_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory in RAM is read as Linux says it.");
        const int Blocks = 25_600, Block = 8 << 10, Staying = 16;
        nint[] blocks = new nint[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            blocks[i] = (nint)NativeMemory.Alloc(Block);
            new Span<byte>((void*)blocks[i], Block).Fill(1);
        }
        for (int i = 0; i < Blocks; i++)
            if (i % Staying != 0) NativeMemory.Free((void*)blocks[i]);
        double freed = ResidentMiB();
        NativeHeap.Trim();
        double after = ResidentMiB();
        for (int i = 0; i < Blocks; i += Staying) NativeMemory.Free((void*)blocks[i]);
        Assert.True(freed - after > 100, $"{freed:F0} MiB, then {after:F0}.");
    }

    private static double ResidentMiB() => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;
}
