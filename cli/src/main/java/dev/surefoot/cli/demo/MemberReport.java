package dev.surefoot.cli.demo;

/** One line that a member of the demo's group writes. */
sealed interface MemberReport {

    /** Returns the report as a line. */
    String line();

    /** Passes the report on to the method for its kind. */
    void to(Reader reader);

    /** Takes reports. */
    interface Reader {

        void owns(Owns report);

        void processed(Processed report);
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is no report
     */
    static MemberReport parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && words[0].equals(Owns.WORD)) {
            return new Owns(Integer.parseInt(words[1]));
        }
        if (words.length == 5 && words[0].equals(Processed.WORD)) {
            return new Processed(
                    Integer.parseInt(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Integer.parseInt(words[4]));
        }
        throw new IllegalArgumentException("A member of the group wrote: " + line);
    }

    /** So many partitions are assigned to the member from now on. */
    record Owns(int partitions) implements MemberReport {

        private static final String WORD = "owns";

        @Override
        public String line() {
            return WORD + " " + partitions;
        }

        @Override
        public void to(Reader reader) {
            reader.owns(this);
        }
    }

    /**
     * The member has processed records of a partition.
     *
     * @param first the first offset
     * @param last the last offset
     * @param damaged how many of them had other bytes than those written at their offset
     */
    record Processed(int partition, long first, long last, int damaged) implements MemberReport {

        private static final String WORD = "processed";

        @Override
        public String line() {
            return WORD + " " + partition + " " + first + " " + last + " " + damaged;
        }

        @Override
        public void to(Reader reader) {
            reader.processed(this);
        }
    }
}
