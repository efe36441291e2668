using System.Diagnostics;

namespace Darkroom.Imaging.Tests;

[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public sealed class NativeMemoryTests
{
    /// <summary>A leak of the pixels alone would be 96 MB, one of the smallest files 2 MB.</summary>
    private const long Allowed = 24L << 20;

    [Fact]
    public void Encoding_and_decoding_500_pictures_leaves_memory_flat()
    {
        var picture = TestPictures.Slopes(256, 256, 3);
        Work(picture, 100);
        long before = Resident();
        Work(picture, 500);
        long grown = Resident() - before;
        Assert.True(grown < Allowed, $"{grown >> 20} MiB more after 500 pictures");
    }

    private static void Work(Picture picture, int count)
    {
        for (int i = 0; i < count; i++)
            PictureDecoder.Decode(PictureEncoder.Encode(picture, (PictureFormat)(i % 3), 80, "Steps: 20"));
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
