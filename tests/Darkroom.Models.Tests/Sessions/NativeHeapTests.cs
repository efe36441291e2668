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

    [Fact]
    public void Large_blocks_that_are_freed_go_back_though_small_ones_between_them_stay()
    {
        Assert.SkipUnless(NativeHeap.Configure(), "The C library is not glibc, or the environment says how it keeps memory.");
        // The whole process is measured, and its own threads (collector, compiler) take and give pages meanwhile: what holds must hold in one of three rounds.
        var rounds = new List<(double Before, double Between, double After)>();
        while (rounds.Count < 3 && !rounds.Exists(static round => Holds(round))) rounds.Add(LargeAmongSmall());
        Assert.True(rounds.Exists(static round => Holds(round)),
            string.Join("; ", rounds.Select(static round =>
                $"{round.Before:F0} MiB before, {round.Between:F0} with all blocks, {round.After:F0} without the large ones")));

        static bool Holds((double Before, double Between, double After) round) => round.Between - round.Before > 150 && round.After - round.Before < 50;
    }

    private static unsafe (double Before, double Between, double After) LargeAmongSmall()
    {
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
        return (before, between, after);
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
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;
}
