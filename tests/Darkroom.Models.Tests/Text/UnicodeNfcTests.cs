using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Text;

public sealed class UnicodeNfcTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain é", "plain é")]
    [InlineData("e\u0301", "é")]
    [InlineData("e\u0301\u0301", "é\u0301")]
    [InlineData("\u0301e", "\u0301e")]
    [InlineData("\u212B", "Å")]                               // the Ångström sign is the letter
    [InlineData("A\u0323\u0307", "\u1EA0\u0307")]             // marks below join before marks above …
    [InlineData("A\u0307\u0323", "\u1EA0\u0307")]             // … in whatever order they are written
    [InlineData("a\u0315\u0300", "\u00E0\u0315")]             // class 232 does not stand in the way of 230 once sorted
    [InlineData("\u0958", "\u0915\u093C")]                    // excluded from composition
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uD558\u11AB", "\uD55C")]
    [InlineData("\u1100\uAC00", "\u1100\uAC00")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011935\U00011930", "\U00011938")]
    [InlineData("a\u0300\u05AE\u0062", "\u00E0\u05AE\u0062")]
    public void Text_takes_form_C(string text, string expected) => Assert.Equal(expected, UnicodeNfc.Normalize(text));

    [Fact]
    public void Form_C_of_every_sign_is_its_own_form_C()
    {
        for (int sign = 0; sign <= 0x10FFFF; sign++)
        {
            if (sign is >= 0xD800 and < 0xE000) continue;
            string once = UnicodeNfc.Normalize(char.ConvertFromUtf32(sign));
            Assert.Equal(once, UnicodeNfc.Normalize(once));
        }
    }
}
