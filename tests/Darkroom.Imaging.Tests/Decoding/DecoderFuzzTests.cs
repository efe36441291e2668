using System.Buffers.Binary;
using System.Diagnostics;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;
using Darkroom.TestKit.Pictures;

namespace Darkroom.Imaging.Tests.Decoding;

/// <summary>Mutations of good files, the same in every run. Set <c>DARKROOM_FUZZ</c> for more of them.</summary>
[Collection(nameof(NativeMemoryTests))]
public sealed class DecoderFuzzTests
{
    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("DARKROOM_FUZZ"), out int more) ? more : 12_000;

    /// <summary>The smallest decoded picture here has 500 bytes, the largest a few kB; a leak of one file for each input would be 12 MB and more.</summary>
    private const long Allowed = 24L << 20;

    [Fact]
    public void Mutated_files_are_taken_or_refused_and_memory_stays_flat()
    {
        // Small limits let a mutated size through that is wrong and still cheap.
        var limits = PictureLimits.Default with { MaxSide = 512, MaxArea = 512 * 512 };
        var random = new Random(20);
        Run(random, limits, Inputs / 4);
        long before = Resident();
        int taken = Run(random, limits, Inputs - Inputs / 4);
        long grown = Resident() - before;
        Assert.InRange(taken, Inputs / 50, Inputs - Inputs / 50);
        Assert.True(grown < Allowed, $"{grown >> 20} MiB more after {Inputs} inputs");
    }

    private static int Run(Random random, PictureLimits limits, int count)
    {
        int taken = 0;
        for (int i = 0; i < count; i++)
        {
            var (name, seed) = SeedPictures.All[i % SeedPictures.All.Count];
            byte[] file = Mutate(seed, random);
            long started = Stopwatch.GetTimestamp();
            bool isTaken = PictureDecoder.TryDecode(file, limits, out var picture, out var fault);
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < 2, $"{name}, input {i}: slow");
            if (isTaken) Assert.Equal(picture!.Width * picture.Height * picture.Channels, picture.Pixels.Length);
            else Assert.NotEmpty(fault!.Message);
            PictureMetadata.ReadParameters(file);
            taken += isTaken ? 1 : 0;
        }
        return taken;
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> file = [.. seed];
        for (int times = random.Next(1, 5); times > 0 && file.Count > 20; times--)
        {
            int at = random.Next(random.Next(8) == 0 ? 0 : 8, file.Count), length = Math.Min(random.Next(1, 40), file.Count - at);
            switch (random.Next(8))
            {
                case 0: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: file[at] = (byte)random.Next(256); break;
                case 2: file[at] = random.Next(2) == 0 ? byte.MinValue : byte.MaxValue; break;
                case 3: file.RemoveRange(at, length); break;
                case 4: file.InsertRange(at, file.GetRange(at, length)); break;
                case 5: file.InsertRange(at, file.GetRange(random.Next(file.Count - length), length)); break;
                case 6: file.RemoveRange(at, random.Next(4) == 0 ? file.Count - at : 0); break;
                default: for (int i = 0; i < length; i++) file[at + i] = (byte)random.Next(256); break;
            }
        }
        byte[] mutated = [.. file];
        // With wrong sums a PNG would never reach the decoder.
        if (random.Next(4) > 0) Repair(mutated);
        return mutated;
    }

    private static void Repair(byte[] file)
    {
        if (PictureInfo.TypeOf(file) == PictureFormat.Webp) BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        if (PictureInfo.TypeOf(file) != PictureFormat.Png) return;
        foreach (var chunk in new PngChunkReader(file))
        {
            file.AsSpan().Overlaps(chunk.Whole, out int at);
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + chunk.Whole.Length - 4), PngBuilder.Crc(chunk.Whole[4..^4]));
        }
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
