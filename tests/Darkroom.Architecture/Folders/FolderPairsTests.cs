using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture.Folders;

/// <summary>What the reader of sources sees, on small projects.</summary>
public sealed class FolderPairsTests
{
    [Theory]
    [InlineData("public class Lamp { string name = nameof(Shade); }", true)]
    [InlineData("public class Lamp { int size = Shade.Width; }", true)]
    [InlineData("public class Lamp { string text = $\"{Shade.Width} wide\"; }", true)]
    [InlineData("public class Lamp { string text = $$\"\"\"{{{Shade.Width}}}\"\"\"; }", true)]
    [InlineData("public class Lamp { Shades.Shade? shade; }", true)]
    [InlineData("public class Lamp { /* Shade */ char quote = '\"'; string text = \"Shade \\\" Shade\"; } // Shade", false)]
    [InlineData("public class Lamp { string text = @\"Shade \"\" Shade\" + \"\"\"Shade \" Shade\"\"\" + $\"{{Shade}}\"; }", false)]
    [InlineData("public class Lamp { int size = new Bulb().Shade; }", false)]
    public void Names_in_code_are_uses_and_names_in_texts_are_not(string code, bool known)
    {
        var lamp = File("Lamps/Lamp.cs", $"using House.Shades;\nnamespace House.Lamps;\n{code}");
        var shade = File("Shades/Shade.cs", "namespace House.Shades;\npublic class Shade { public const int Width = 3; House.Lamps.Lamp? lamp; }");
        Assert.Equal(known ? ["Lamps ↔ Shades"] : [], new FolderPairs(SourceUses.In([lamp, shade])).Names);
    }

    [Fact]
    public void Folder_and_its_own_subfolder_may_know_each_other_and_subfolders_may_not()
    {
        var lamp = File("Lamps/Lamp.cs", "namespace House.Lamps;\nclass Lamp { Tall.Floor? floor; }");
        var floor = File("Lamps/Tall/Floor.cs", "namespace House.Lamps.Tall;\nclass Floor { Lamp? lamp; Low.Desk? desk; }");
        var desk = File("Lamps/Low/Desk.cs", "namespace House.Lamps.Low;\nusing House.Lamps.Tall;\nrecord Desk(Floor Floor);");
        Assert.Equal(["Lamps/Low ↔ Lamps/Tall"], new FolderPairs(SourceUses.In([lamp, floor, desk])).Names);
    }

    [Fact]
    public void File_at_the_root_knows_folders_or_is_known_by_them()
    {
        var house = File("House.cs", "namespace House;\nclass House { Lamps.Lamp? lamp; }");
        var colour = File("Colour.cs", "namespace House;\nenum Colour { Red }");
        var lamp = File("Lamps/Lamp.cs", "namespace House.Lamps;\nclass Lamp { Colour colour; }");
        Assert.Empty(new FolderPairs(SourceUses.In([house, colour, lamp])).Names);

        var knowing = File("Lamps/Lamp.cs", "namespace House.Lamps;\nclass Lamp { Colour colour; string owner = nameof(House); }");
        Assert.Equal(["House.cs ↔ Lamps"], new FolderPairs(SourceUses.In([house, colour, knowing])).Names);
    }

    private static SourceFile File(string path, string text) => new($"src/House/{path}", text);
}
