import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints each rule of PDF/UA-1 that a file breaks and how often. What `bin/verapdf` runs. */
public class VeraPdf {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId("ua1");
        boolean good = true;
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour)) {
                ValidationResult result =
                    Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
                Map<String, Integer> broken = new TreeMap<>();
                for (TestAssertion found : result.getTestAssertions()) {
                    if (found.getStatus() == TestAssertion.Status.FAILED) {
                        String rule = found.getRuleId().getClause() + "-" + found.getRuleId().getTestNumber();
                        broken.merge(rule + " " + found.getMessage(), 1, Integer::sum);
                    }
                }
                good &= result.isCompliant();
                System.out.println(file + ": " + (result.isCompliant() ? "PDF/UA-1" : "not PDF/UA-1")
                    + ", " + result.getTotalAssertions() + " checks");
                broken.forEach((rule, times) -> System.out.println("  " + times + " times: " + rule));
            }
        }
        System.exit(good ? 0 : 1);
    }
}
