using Darkroom.TestKit;
using PublicApiGenerator;

namespace Darkroom.Client.Tests.Contracts;

/// <summary>What others compile against changes by intent alone: the public API is an approved text. DARKROOM_APPROVE=1 writes it.</summary>
public sealed class PublicApiTests
{
    private static readonly string Approved = Path.Combine(Repository.Root, "tests", "Darkroom.Client.Tests", "Approved", "public-api.txt");

    [Fact]
    public void Public_API_is_the_approved_one()
    {
        var text = typeof(DarkroomClient).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });
        var now = text.ReplaceLineEndings("\n").Trim() + "\n";
        if (Environment.GetEnvironmentVariable("DARKROOM_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Approved)!);
            File.WriteAllText(Approved, now);
        }
        Assert.Equal(File.ReadAllText(Approved), now);
    }
}
