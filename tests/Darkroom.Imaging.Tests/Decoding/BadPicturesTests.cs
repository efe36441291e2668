using System.Diagnostics;
using Darkroom.Imaging.Decoding;
using Darkroom.TestKit.Pictures;

namespace Darkroom.Imaging.Tests.Decoding;

public sealed class BadPicturesTests
{
    private static readonly Dictionary<string, BadPicture> Bad = BadPictures.All(SeedPictures.Good).ToDictionary(bad => bad.Name);

    public static IEnumerable<TheoryDataRow<string>> Names() => Bad.Keys.Select(name => new TheoryDataRow<string>(name));

    [Fact]
    public void There_are_three_hundred_of_them() => Assert.InRange(Bad.Count, 300, int.MaxValue);

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_with_a_reason_in_bounded_time_and_memory(string name)
    {
        var bad = Bad[name];
        byte[] file = bad.Make();
        long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        bool isTaken = PictureDecoder.TryDecode(file, PictureLimits.Default, out var picture, out var fault);
        var elapsed = Stopwatch.GetElapsedTime(started);
        Assert.False(isTaken, $"{name} was taken as {picture?.Width} x {picture?.Height}.");
        Assert.Contains(fault!.Kind.ToString(), bad.Kinds.Split('|'));
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        if (fault.Limit is { } limit)
        {
            Assert.Contains(limit.ToString(), fault.Message, StringComparison.Ordinal);
            Assert.Contains(fault.Value.ToString()!, fault.Message, StringComparison.Ordinal);
        }
        Assert.InRange(elapsed.TotalSeconds, 0, 2);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 20) + 2L * file.Length);
    }

    [Fact]
    public void Good_ones_are_taken()
    {
        foreach (var (name, file) in SeedPictures.All)
            Assert.True(PictureDecoder.TryDecode(file, PictureLimits.Default, out _, out var fault), $"{name}: {fault?.Message}");
    }
}
