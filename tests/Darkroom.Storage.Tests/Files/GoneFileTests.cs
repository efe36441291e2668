using System.Globalization;
using Darkroom.Storage.Files;

namespace Darkroom.Storage.Tests.Files;

public sealed class GoneFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-gone").FullName;

    private string Marks => Path.Combine(folder, "gone");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Newest_marks_are_remembered_over_restarts_and_the_file_stays_small()
    {
        var marks = new GoneFile(Marks, max: 10);
        for (int i = 0; i < 55; i++) marks.Add(Id(i));
        foreach (var one in (GoneFile[])[marks, new(Marks, max: 10)])
        {
            for (int i = 45; i < 55; i++) Assert.True(one.Contains(Id(i)));
            Assert.False(one.Contains(Id(44)));
        }
        Assert.InRange(new FileInfo(Marks).Length, 10 * 33, 20 * 33);
    }

    [Fact]
    public void Torn_line_costs_itself_alone()
    {
        new GoneFile(Marks).Add(Id(1));
        File.AppendAllText(Marks, Id(2)[..20]);
        Assert.True(new GoneFile(Marks).Contains(Id(1)));
        Assert.False(new GoneFile(Marks).Contains(Id(2)));
    }

    [Fact]
    public void Marks_that_cannot_be_written_are_remembered_by_this_process()
    {
        var marks = new GoneFile(Path.Combine(folder, "no", "such", "folder"));
        marks.Add(Id(1));
        Assert.True(marks.Contains(Id(1)));
        Assert.False(marks.Contains(Id(2)));
    }

    private static string Id(int number) => number.ToString("x32", CultureInfo.InvariantCulture);
}
